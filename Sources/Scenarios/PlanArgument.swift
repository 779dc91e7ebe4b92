package import Faults

/// What a user gives as a plan: a blob, or the path of a file with a blob or a plan's JSON.
package enum PlanArgument {
    private static let bytesMax = 64 << 20

    /// Reads the plan that an argument names.
    package static func load(
        _ text: String, catalogue: [FaultKind] = FaultCatalogue.all
    ) throws(PlanBlobError) -> Plan {
        if PlanBlob.isBlob(text) { return try PlanBlob.decode(text, catalogue: catalogue) }
        let bytes = try contents(of: text)
        let content = String(decoding: bytes, as: UTF8.self)
        if PlanBlob.isBlob(content) {
            do {
                return try PlanBlob.decode(content, catalogue: catalogue)
            } catch {
                throw PlanBlobError(code: error.code, message: "\(text): \(error.message)")
            }
        }
        do {
            return try Plan(jsonText: bytes, catalogue: catalogue)
        } catch {
            throw PlanBlobError(code: .invalidPlan, message: "\(text): \(error.description)")
        }
    }

    private static func contents(of path: String) throws(PlanBlobError) -> [UInt8] {
        do {
            return try FileBytes.read(path, bytesMax: bytesMax)
        } catch {
            throw PlanBlobError(
                code: .unreadable,
                message: "\(error.message); give a plan blob (stp1....) or the path of a file "
                    + "that holds one, or a plan's JSON")
        }
    }
}
