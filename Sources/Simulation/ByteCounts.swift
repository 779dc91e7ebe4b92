internal import Cassette
internal import Determinism
internal import Faults
internal import WireProtocols

// What the things that runs share take in memory, about: enough to bound what is remembered.

extension DisturbedDeliveries.Key {
    var byteCount: Int {
        faults.reduce(128 + upstream.utf8.count) { sum, fault in
            fault.parameters.members.reduce(sum + 64) { sum, member in
                sum + 64 + (member.value.stringValue?.utf8.count ?? 0)
            }
        }
    }
}

extension DisturbedDelivery {
    /// What it takes in memory beside the recorded delivery, about.
    var byteCount: Int {
        let reasons = fates.reduce(128) { sum, fate in
            guard case .inapplicable(let reason) = fate else { return sum + 32 }
            return sum + 32 + reason.utf8.count
        }
        return isAltered ? reasons + prepared.byteCount + echo.byteCount : reasons
    }
}

extension PreparedDelivery {
    var byteCount: Int {
        // Body and steps hold the bytes once each.
        var size = 1024 + 2 * body.count + 100 * steps.count + headers.byteCount
        if case .end(let trailers) = steps.last?.step { size += trailers.byteCount }
        guard let answer else { return size }
        return answer.toolCalls.reduce(size + answer.text.utf8.count) { sum, call in
            sum + 64 + call.id.utf8.count + call.name.utf8.count + call.arguments.utf8.count
        }
    }
}

extension EchoMap {
    /// What it takes in memory, about: whole answers are among what is put in place of another.
    var byteCount: Int {
        substitutions.reduce(0) { sum, substitution in
            sum + 64 + substitution.original.utf8.count + substitution.altered.utf8.count
        }
    }
}

extension RequestReading {
    var byteCount: Int {
        // The components hold once more what the body says.
        512 + 2 * request.body.count + request.target.utf8.count + request.headers.byteCount
            + 128 * identity.components.count
    }
}

extension HeaderFields {
    /// What the lines take in memory, about.
    var byteCount: Int {
        fields.reduce(0) { $0 + 64 + $1.name.utf8.count + $1.value.utf8.count }
    }
}
