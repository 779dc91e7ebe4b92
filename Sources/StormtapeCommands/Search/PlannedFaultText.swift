internal import Determinism
internal import Faults
internal import Search

/// A planned fault with its parameters in one line.
enum PlannedFaultText {
    static func line(_ fault: PlannedFault) -> String {
        let parameters = fault.parameters.members.map { member in
            "\(member.key)=\(member.value.stringValue ?? member.value.encodedText())"
        }
        let shown = parameters.isEmpty ? "" : " (\(parameters.joined(separator: ", ")))"
        return fault.placeText + shown
    }
}
