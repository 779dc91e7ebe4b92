import Cassette
import Determinism
import Foundation
import GRDB

/// Reads the columns of one row; a value of the wrong type means that the file is damaged.
struct RowValues {
    let row: Row
    let path: String

    func string(_ column: String) throws(CassetteFileError) -> String {
        guard let text = try optionalString(column) else { throw damaged(column) }
        return text
    }

    func optionalString(_ column: String) throws(CassetteFileError) -> String? {
        switch try value(column) {
        case .null: return nil
        case .string(let text): return text
        default: throw damaged(column)
        }
    }

    func integer(_ column: String) throws(CassetteFileError) -> Int64 {
        guard let number = try optionalInteger(column) else { throw damaged(column) }
        return number
    }

    func optionalInteger(_ column: String) throws(CassetteFileError) -> Int64? {
        switch try value(column) {
        case .null: return nil
        case .int64(let number): return number
        default: throw damaged(column)
        }
    }

    func bytes(_ column: String) throws(CassetteFileError) -> [UInt8] {
        guard let bytes = try optionalBytes(column) else { throw damaged(column) }
        return bytes
    }

    func optionalBytes(_ column: String) throws(CassetteFileError) -> [UInt8]? {
        switch try value(column) {
        case .null: return nil
        case .blob(let data): return [UInt8](data)
        default: throw damaged(column)
        }
    }

    func json(_ column: String) throws(CassetteFileError) -> JSONValue {
        let text = Array(try string(column).utf8)
        do {
            return try JSONValue.parse(text, limits: JSONLimits(bytesMax: .max))
        } catch {
            throw .corrupt(path, "column \(column): \(error)")
        }
    }

    func headers(_ column: String) throws(CassetteFileError) -> HeaderFields {
        guard let headers = CanonicalText.headers(try json(column)) else { throw damaged(column) }
        return headers
    }

    func damaged(_ column: String) -> CassetteFileError {
        .corrupt(path, "column \(column) holds what no recording writes")
    }

    private func value(_ column: String) throws(CassetteFileError) -> DatabaseValue.Storage {
        // Damage may also hit the schema, whose text names the columns.
        guard row.hasColumn(column) else { throw damaged(column) }
        return (row[column] as DatabaseValue).storage
    }
}
