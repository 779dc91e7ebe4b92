import Determinism
import Testing
import WireProtocols

@Suite("A document written from its content")
struct AnswerDocumentLawTests {
    @Test("is there for every protocol that streams")
    func coverage() {
        let documents = Set(AnswerDocument.all.map(\.wire.id))
        #expect(documents == Set(WireSample.all.map(\.wire.id)))
    }

    @Test(
        "says what its summary says, and stays where it says the same",
        arguments: AnswerDocument.all)
    func same(_ document: AnswerDocument) throws {
        let answer = try JSONValue.parse(text: document.body)
        let content = try #require(document.wire.content(of: answer))
        content.expectSaid(by: document.wire.summary(of: answer))
        let same = try #require(document.wire.rewritten(answer, saying: content))
        #expect(same.encodedText() == answer.encodedText())
    }

    @Test("reads back as what it was told to say", arguments: AnswerDocument.all)
    func edited(_ document: AnswerDocument) throws {
        let answer = try JSONValue.parse(text: document.body)
        let content = try #require(document.wire.content(of: answer))
        var count = 0
        for edit in AnswerEdit.all {
            guard let edited = edit.apply(content),
                let written = document.wire.rewritten(answer, saying: edited)
            else { continue }
            count += 1
            // Read from its bytes, for a member that is there twice is seen only there.
            let again = try JSONValue.parse(written.encoded())
            #expect(again == written, "\(edit.name)")
            #expect(document.wire.content(of: again) == edited.countedAnew, "\(edit.name)")
            edited.expectSaid(by: document.wire.summary(of: again), edit.name)
        }
        #expect(count > 5)
    }

    @Test("keeps a part that it has, and has no other", arguments: AnswerDocument.all)
    func kept(_ document: AnswerDocument) throws {
        let answer = try JSONValue.parse(text: document.body)
        let content = try #require(document.wire.content(of: answer))
        for part in [.kept(10_000), .kept(-1)] + content.parts.filter(\.isKept) {
            var edited = content
            edited.parts.append(part)
            #expect(document.wire.rewritten(answer, saying: edited) == nil, "\(part)")
        }
    }
}
