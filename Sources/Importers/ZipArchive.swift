/// Reads a zip file in memory; nothing is written, so names of entries cannot lead anywhere.
///
/// Source: PKWARE APPNOTE 6.3, sections 4.3 and 4.4. Entries are stored or deflated, not encrypted,
/// in one file below 4 GiB.
enum ZipArchive {
    struct Entry: Hashable, Sendable {
        let name: String
        let bytes: [UInt8]
    }

    private static let entriesMax = 4_096
    private static let bytesMax = 256 << 20
    private static let endCount = 22
    private static let commentMax = 65_535

    static func isZip(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: [0x50, 0x4B, 0x03, 0x04])
            || bytes.starts(with: [0x50, 0x4B, 0x05, 0x06])
    }

    /// The files of an archive, in the order of its directory.
    static func entries(_ bytes: [UInt8]) throws(ImportError) -> [Entry] {
        let reader = LittleEndian(bytes)
        guard let end = endOfDirectory(bytes), let count = reader.short(end + 10),
            var place = reader.word(end + 16)
        else {
            throw ImportError(
                .malformed,
                "the zip file has no directory at its end; it was cut short: "
                    + "export it again")
        }
        guard count <= entriesMax else {
            throw ImportError(.tooLarge, "the zip file has \(count) entries; at most \(entriesMax)")
        }
        var entries: [Entry] = []
        var total = 0
        for _ in 0..<count {
            let (entry, next) = try entry(reader, at: place)
            place = next
            guard let entry else { continue }
            total += entry.bytes.count
            guard total <= bytesMax else {
                throw ImportError(
                    .tooLarge, "the zip file unfolds to more than \(bytesMax) bytes; split it")
            }
            entries.append(entry)
        }
        return entries
    }

    private static func endOfDirectory(_ bytes: [UInt8]) -> Int? {
        var place = bytes.count - endCount
        let first = max(0, place - commentMax)
        while place >= first {
            if bytes[place...].starts(with: [0x50, 0x4B, 0x05, 0x06]) { return place }
            place -= 1
        }
        return nil
    }

    /// The entry at a place of the directory, nil for a folder, and where the next one begins.
    private static func entry(
        _ reader: LittleEndian, at place: Int
    ) throws(ImportError) -> (Entry?, next: Int) {
        guard reader.word(place) == 0x0201_4B50, let flags = reader.short(place + 8),
            let method = reader.short(place + 10), let packed = reader.word(place + 20),
            let size = reader.word(place + 24), let nameCount = reader.short(place + 28),
            let extraCount = reader.short(place + 30), let commentCount = reader.short(place + 32),
            let local = reader.word(place + 42),
            let nameBytes = reader.bytes(place + 46, nameCount)
        else { throw damaged("its directory") }
        let name = String(decoding: nameBytes, as: UTF8.self)
        let next = place + 46 + nameCount + extraCount + commentCount
        if name.hasSuffix("/") { return (nil, next) }
        guard flags & 1 == 0 else {
            throw ImportError(
                .unsupportedFormat, "the zip file is encrypted; unpack it and import the files")
        }
        guard reader.word(local) == 0x0403_4B50, let localName = reader.short(local + 26),
            let localExtra = reader.short(local + 28),
            let data = reader.bytes(local + 30 + localName + localExtra, packed)
        else { throw damaged("the entry '\(name.prefix(80))'") }
        return (Entry(name: name, bytes: try unpack(data, method, size, name)), next)
    }

    private static func unpack(
        _ data: [UInt8], _ method: Int, _ size: Int, _ name: String
    ) throws(ImportError) -> [UInt8] {
        let bytes: [UInt8]
        switch method {
        case 0: bytes = data
        case 8:
            do {
                bytes = try Inflater.inflate(data, .bare)
            } catch {
                throw ImportError(
                    error.code == .tooLarge ? .tooLarge : .malformed,
                    "the entry '\(name.prefix(80))' of the zip file: \(error.message)")
            }
        default:
            throw ImportError(
                .unsupportedFormat,
                "the entry '\(name.prefix(80))' of the zip file uses method \(method); only "
                    + "stored and deflated entries are read: zip it again")
        }
        guard bytes.count == size else { throw damaged("the entry '\(name.prefix(80))'") }
        return bytes
    }

    private static func damaged(_ what: String) -> ImportError {
        ImportError(.malformed, "the zip file is damaged in \(what); export it again")
    }
}

/// Numbers of a zip file, which are little-endian; nil beyond the end.
struct LittleEndian {
    private let input: [UInt8]

    init(_ input: [UInt8]) {
        self.input = input
    }

    func short(_ place: Int) -> Int? {
        bytes(place, 2).map { Int($0[0]) | Int($0[1]) << 8 }
    }

    func word(_ place: Int) -> Int? {
        bytes(place, 4).map { bytes in
            bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
        }
    }

    func bytes(_ place: Int, _ count: Int) -> [UInt8]? {
        guard place >= 0, count >= 0, place <= input.count, count <= input.count - place else {
            return nil
        }
        return Array(input[place..<(place + count)])
    }
}
