internal import Runner
internal import Scenarios

extension SettingResolver {
    /// The cassette of judges: flag, then environment, then file; nil where nobody names one.
    ///
    /// `isElsewhere` says whether the folder of the configuration is entered before it is used.
    mutating func judges(
        _ given: String?, isElsewhere: Bool = false
    ) throws(RunnerError) -> JudgesSource? {
        let own = project?.configuration.judges
        guard
            let named = try optional("judges", .text, flag: given, named: "judges", file: own)
        else { return nil }
        guard case .file? = entries.last?.origin else {
            let lasting = isElsewhere ? project?.lasting(named) ?? named : named
            return try JudgesSource(lasting, read: named)
        }
        let read = project?.path(named) ?? named
        return try JudgesSource(isElsewhere ? named : read, read: read)
    }
}
