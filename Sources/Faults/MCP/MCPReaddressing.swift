public import Cassette
import Determinism
import WireProtocols

extension Delivery {
    /// The delivery for a request that has other identifiers than the recorded one of the context;
    /// nil where nothing has to change.
    ///
    /// A response names its request, and news of progress name its token. Everything else, and the
    /// instants, stay as they are.
    public func readdressed(
        to asked: RecordedRequest, in context: FaultContext
    ) -> Delivery? {
        let recorded = context.interaction.request
        guard asked.body != recorded.body, let head,
            let old = MCPMessage(bytes: recorded.body), let new = MCPMessage(bytes: asked.body),
            old.kind == .request, new.kind == .request,
            old.id != new.id || old.progressToken != new.progressToken
        else { return nil }
        var delivery = self
        guard StreamFraming(announcedBy: head.headers) != nil else {
            guard let document = try? jsonAnswer(),
                let edited = readdress(document, from: old, to: new)
            else { return nil }
            delivery.edit(bodyBytes: edited.encoded())
            return delivery
        }
        guard var stream = try? EventStreamBody(self, context) else { return nil }
        var isEdited = false
        for place in stream.timed.indices {
            guard let json = stream.timed[place].event.json,
                let edited = readdress(json, from: old, to: new)
            else { continue }
            stream.timed[place].event = stream.timed[place].event.replacingJSON(edited)
            isEdited = true
        }
        guard isEdited else { return nil }
        stream.write(to: &delivery)
        return delivery
    }

    /// A message under the new identifiers; nil where it holds none of the old ones.
    private func readdress(
        _ json: JSONValue, from old: MCPMessage, to new: MCPMessage
    ) -> JSONValue? {
        guard let message = MCPMessage(json) else { return nil }
        var edited = json
        if message.isAnswer, message.id == old.id, let id = new.id { edited["id"] = id }
        if message.method == "notifications/progress", var params = message.params,
            params["progressToken"] == old.progressToken, let token = new.progressToken
        {
            params["progressToken"] = token
            edited["params"] = params
        }
        return edited == json ? nil : edited
    }
}
