/// Small recordings of each kind, in the form of the real ones.
enum Sample {
    static let vcrpy = """
        interactions:
        - request:
            body: '{"model": "gpt-4o", "messages": [{"role": "user", "content": "It''s
              *me* & you"}], "stream": true}'
            headers:
              content-type:
              - application/json
              authorization:
              - Bearer not-a-real-credential
              content-length:
              - '96'
            method: POST
            uri: https://api.openai.com/v1/chat/completions
          response:
            body:
              string: 'data: {"choices":[{"delta":{"content":"Hi"}}]}


                data: [DONE]


                '
            headers:
              content-type:
              - text/event-stream; charset=utf-8
              transfer-encoding:
              - chunked
            status:
              code: 200
              message: OK
        version: 1
        """

    static let rubyVCR = """
        ---
        http_interactions:
        - request:
            method: post
            uri: "<GPU_API_BASE>/chat/completions"
            body:
              encoding: UTF-8
              string: '{"model":"qwen3","messages":[]}'
            headers:
              Content-Type:
              - application/json
          response:
            status:
              code: 200
              message: OK
            headers:
              Date:
              - Mon, 08 Jun 2026 18:54:31 GMT
              - Mon, 08 Jun 2026 18:54:31 GMT
              Content-Type:
              - application/json
            body:
              encoding: ASCII-8BIT
              string: !binary |-
                eyJvayI6dHJ1ZX0=
          recorded_at: Mon, 08 Jun 2026 18:54:31 GMT
        recorded_with: VCR 6.3.1
        """

    static let goVCR = """
        ---
        version: 2
        interactions:
            - id: 0
              request:
                proto: HTTP/1.1
                content_length: 0
                host: api.anthropic.com
                body: '{"model":"claude","messages":[],"stream":true}'
                url: https://api.anthropic.com/v1/messages
                method: POST
              response:
                proto: HTTP/2.0
                content_length: -1
                body: |+
                    event: message_start
                    data: {"type":"message_start","message":{"id":"m","content":[]}}

                    event: message_stop
                    data: {"type":"message_stop"}

                headers: {}
                status: 200 OK
                code: 200
                duration: 1.2s
        """

    static let har = """
        {"log": {"version": "1.2", "creator": {"name": "x", "version": "1"}, "entries": [
        {"startedDateTime": "2026-11-23T05:52:40.950681+00:00", "time": 205,
         "request": {"method": "POST", "url": "https://shop.example:8443/orders?id=7#part",
          "httpVersion": "HTTP/2",
          "headers": [{"name": ":authority", "value": "shop.example"},
                      {"name": "content-type", "value": "application/json"}],
          "postData": {"mimeType": "application/json", "text": "{\\"a\\":1}"}},
         "response": {"status": 201, "statusText": "Created",
          "headers": [{"name": "Content-Type", "value": "application/json"},
                      {"name": "Content-Length", "value": "999"}],
          "content": {"size": 11, "mimeType": "application/json", "encoding": "base64",
                      "text": "eyJvayI6dHJ1ZX0="}},
         "timings": {"blocked": -1, "send": 1, "wait": 40, "receive": 60}}]}}
        """

    /// A stream of which a browser lists the messages, with or without its body.
    static func har(messages: String, text: String?) -> String {
        let content = text.map { #", "text": "\#($0)""# } ?? ""
        return """
            {"log": {"entries": [{"startedDateTime": "2026-11-23T05:52:40.000Z",
             "request": {"method": "POST", "url": "https://model.example/v1/chat/completions",
              "headers": []},
             "response": {"status": 200, "statusText": "OK",
              "headers": [{"name": "content-type", "value": "text/event-stream"}],
              "content": {"mimeType": "text/event-stream"\(content)}},
             "timings": {"send": 1, "wait": 40, "receive": 460},
             "_eventSourceMessages": [\(messages)]}]}}
            """
    }

    /// A flow of mitmproxy in its tagged netstrings.
    static var mitmproxy: [UInt8] {
        Netstring.map([
            ("type", Netstring.text("http")), ("version", Netstring.number("21")),
            ("websocket", Netstring.null), ("error", Netstring.null),
            (
                "request",
                Netstring.map([
                    ("method", Netstring.bytes("GET")), ("scheme", Netstring.bytes("http")),
                    ("host", Netstring.text("127.0.0.1")), ("port", Netstring.number("8080")),
                    ("authority", Netstring.bytes("")), ("path", Netstring.bytes("/items?q=1")),
                    ("headers", Netstring.lines([("Host", "shop.example:8080")])),
                    ("content", Netstring.bytes("")),
                    ("timestamp_start", Netstring.float("1795413160.25")),
                    ("timestamp_end", Netstring.float("1795413160.5")),
                ])
            ),
            (
                "response",
                Netstring.map([
                    ("status_code", Netstring.number("200")), ("reason", Netstring.bytes("OK")),
                    ("headers", Netstring.lines([("Content-Type", "application/json")])),
                    ("content", Netstring.bytes("[1,2]")), ("trailers", Netstring.null),
                    ("timestamp_start", Netstring.float("1795413160.75")),
                    ("timestamp_end", Netstring.float("1795413161.0")),
                ])
            ),
        ])
    }
}

/// Writes tagged netstrings.
enum Netstring {
    static let null = Array("0:~".utf8)

    static func bytes(_ text: String) -> [UInt8] { tagged(Array(text.utf8), ",") }
    static func text(_ text: String) -> [UInt8] { tagged(Array(text.utf8), ";") }
    static func number(_ text: String) -> [UInt8] { tagged(Array(text.utf8), "#") }
    static func float(_ text: String) -> [UInt8] { tagged(Array(text.utf8), "^") }

    static func lines(_ lines: [(String, String)]) -> [UInt8] {
        tagged(lines.flatMap { tagged(bytes($0.0) + bytes($0.1), "]") }, "]")
    }

    static func map(_ pairs: [(String, [UInt8])]) -> [UInt8] {
        tagged(pairs.flatMap { text($0.0) + $0.1 }, "}")
    }

    static func tagged(_ data: [UInt8], _ type: String) -> [UInt8] {
        Array("\(data.count):".utf8) + data + Array(type.utf8)
    }
}
