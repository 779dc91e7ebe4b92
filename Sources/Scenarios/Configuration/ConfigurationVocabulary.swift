package import Faults

/// The names that a configuration may use and that other modules know.
package struct ConfigurationVocabulary: Sendable {
    package var faults: [FaultKind]
    package var mutations: [String]
    /// The upstreams whose address is known.
    package var upstreams: [String]
    package var formats: [String]

    package init(
        faults: [FaultKind] = FaultCatalogue.all, mutations: [String], upstreams: [String],
        formats: [String]
    ) {
        self.faults = faults
        self.mutations = mutations
        self.upstreams = upstreams
        self.formats = formats
    }
}
