public import Simulation
internal import Cassette

/// How a run ended, in words that follow "the agent".
public enum EndText {
    /// Such as `exited with code 1`.
    public static func text(of end: RunEnd?) -> String {
        switch end {
        case .exited(.code(let code)): "exited with code \(code)"
        case .exited(.signal(let signal)): "was ended by signal \(signal)"
        case .dismissed: "ended when it was told to"
        case .stopped(.offTape): "was stopped: a request left the tape"
        case .stopped(.hung): "waits for something that can never come"
        case .stopped(.limit(let text)): "was stopped by a limit: \(text)"
        case .stopped(.exhausted(let text)): text
        case .wallLimit: "did not end within the limit of real time"
        case nil: "did not run to an end"
        }
    }
}
