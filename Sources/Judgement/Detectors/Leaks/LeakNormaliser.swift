/// A text as it is, or what steps of decoding and normalising made of it.
package struct TextView: Hashable, Sendable {
    /// The steps in the order in which they were done; none for the text as it is.
    package let path: [LeakStep]
    package let bytes: [UInt8]

    package init(path: [LeakStep], bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    /// The names of the steps: `base64 > folded`; "text" when there is none.
    package var name: String {
        path.isEmpty ? "text" : path.map(\.rawValue).joined(separator: " > ")
    }
}

/// The views of a text in which a leak is sought.
///
/// First the text, then what one decoding makes of it, then two; each as it is, folded and compact.
/// Views that say nothing new are left out. Their number and bytes are bounded.
package struct LeakNormaliser: Hashable, Sendable {
    /// How many decodings follow one another.
    package var depth: Int
    package var viewsMax: Int
    /// The bytes of all views beyond the text itself.
    package var bytesMax: Int

    package init(depth: Int = 2, viewsMax: Int = 120, bytesMax: Int = 32 << 20) {
        self.depth = depth
        self.viewsMax = viewsMax
        self.bytesMax = bytesMax
    }

    /// The views, simplest first, and whether the limits left none out.
    package func views(of text: String) -> (views: [TextView], isComplete: Bool) {
        views(of: Array(text.utf8))
    }

    /// As for a text.
    package func views(of bytes: [UInt8]) -> (views: [TextView], isComplete: Bool) {
        var gathering = Gathering(viewsMax: viewsMax, bytesMax: bytesMax)
        var level = [TextView(path: [], bytes: bytes)]
        gathering.add(level[0])
        gathering.normalise(level[0])
        for _ in 0..<max(0, depth) {
            var next: [TextView] = []
            for view in level {
                for step in LeakStep.decoders where !step.undoes(view.path.last) {
                    guard gathering.hasRoom else { break }
                    guard let decoded = step.applied(to: view.bytes) else { continue }
                    let child = TextView(path: view.path + [step], bytes: decoded)
                    if gathering.add(child) { next.append(child) }
                }
            }
            for view in next { gathering.normalise(view) }
            level = next
        }
        return (gathering.views, gathering.hasRoom)
    }

    private struct Gathering {
        private(set) var views: [TextView] = []
        private(set) var hasRoom = true
        private let viewsMax: Int
        private let bytesMax: Int
        private var seen: Set<TextView> = []
        private var count = 0

        init(viewsMax: Int, bytesMax: Int) {
            self.viewsMax = viewsMax
            self.bytesMax = bytesMax
        }

        /// Whether the view is new and there was room for it; the text itself always has room.
        @discardableResult
        mutating func add(_ view: TextView) -> Bool {
            guard !view.bytes.isEmpty, hasRoom else { return false }
            // A needle is sought folded only in folded views, so that these are told apart from
            // others with the same bytes.
            let form = view.path.suffix(1).filter { $0 == .folded || $0 == .compact }
            let key = TextView(path: form, bytes: view.bytes)
            guard !seen.contains(key) else { return false }
            if !views.isEmpty {
                guard views.count < viewsMax, count + view.bytes.count <= bytesMax else {
                    hasRoom = false
                    return false
                }
                count += view.bytes.count
            }
            seen.insert(key)
            views.append(view)
            return true
        }

        mutating func normalise(_ view: TextView) {
            guard hasRoom else { return }
            let folded = TextFolding.folded(view.bytes)
            add(TextView(path: view.path + [.folded], bytes: folded))
            add(
                TextView(
                    path: view.path + [.compact], bytes: TextFolding.compacted(folded)))
        }
    }
}
