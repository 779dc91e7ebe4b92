internal import Determinism
internal import Faults

/// A planned fault in one line.
enum PlannedFaultText {
    static func line(_ fault: PlannedFault) -> String {
        let attempt =
            switch fault.anchor.attempt {
            case nil: ", every attempt"
            case 1: ""
            case let number?: ", attempt \(number)"
            }
        let parameters = fault.parameters.members.map { member in
            "\(member.key)=\(member.value.stringValue ?? member.value.encodedText())"
        }
        let shown = parameters.isEmpty ? "" : " (\(parameters.joined(separator: ", ")))"
        return "\(fault.fault) at call \(fault.anchor.call) of \(fault.anchor.upstream)"
            + attempt + shown
    }
}
