import Foundation

/// Finds out the commit of a working folder by reading the files of its repository.
///
/// The program `git` need not be there.
package enum GitHead {
    private static let linksMax = 5

    /// The commit that is checked out where a folder belongs to; nil outside of a repository and
    /// before its first commit.
    package static func commit(at folder: String) -> String? {
        guard let repository = repository(of: folder),
            let head = line(repository + "/HEAD")
        else { return nil }
        return resolve(head, repository, shared: shared(repository), linksLeft: linksMax)
    }

    /// The folder of the repository: `.git`, or what a file of this name points at.
    private static func repository(of folder: String) -> String? {
        var place = URL(fileURLWithPath: folder).standardizedFileURL.path
        while true {
            let candidate = (place == "/" ? "" : place) + "/.git"
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder) {
                return isFolder.boolValue ? candidate : linked(candidate, in: place)
            }
            guard place != "/", let slash = place.lastIndex(of: "/") else { return nil }
            place = slash == place.startIndex ? "/" : String(place[..<slash])
        }
    }

    /// Work trees and submodules have a file that says where their repository is.
    private static func linked(_ file: String, in folder: String) -> String? {
        guard let text = line(file), text.hasPrefix("gitdir: ") else { return nil }
        return absolute(String(text.dropFirst("gitdir: ".count)), from: folder)
    }

    /// Where branches are kept: work trees share those of their repository.
    private static func shared(_ repository: String) -> String {
        line(repository + "/commondir").map { absolute($0, from: repository) } ?? repository
    }

    private static func resolve(
        _ text: String, _ repository: String, shared: String, linksLeft: Int
    ) -> String? {
        guard text.hasPrefix("ref: ") else { return isCommit(text) ? text : nil }
        let name = String(text.dropFirst("ref: ".count))
        // A name comes from a file: it must not lead out of the repository.
        guard linksLeft > 0, name.hasPrefix("refs/"), !name.contains("..") else { return nil }
        for place in [repository, shared] {
            if let next = line(place + "/" + name) {
                return resolve(next, repository, shared: shared, linksLeft: linksLeft - 1)
            }
        }
        return packed(name, in: shared)
    }

    private static func packed(_ name: String, in repository: String) -> String? {
        guard let data = FileManager.default.contents(atPath: repository + "/packed-refs") else {
            return nil
        }
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            if parts.count == 2, parts[1] == name, isCommit(String(parts[0])) {
                return String(parts[0])
            }
        }
        return nil
    }

    private static func isCommit(_ text: String) -> Bool {
        [40, 64].contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    private static func absolute(_ path: String, from folder: String) -> String {
        path.hasPrefix("/") ? path : folder + "/" + path
    }

    /// The first line of a file.
    private static func line(_ path: String) -> String? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").first.map(String.init)
    }
}
