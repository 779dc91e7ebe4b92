/// The plan of `ExpansionStabilityTests.golden`; a change of it changes every user's storms.
enum GoldenPlan {
    static let text = [
        #"{"cassette":"CASSETTE","faults":[{"at":{"attempt":1,"call":1,"fingerprint":"f9182244"#,
        #"67e2aed61b926574ec22aaad","take":1,"upstream":"openai"},"fault":"model-fault","param"#,
        #"eters":{"delay_ms":308,"note":"","word":"500"}},{"at":{"attempt":2,"call":1,"fingerp"#,
        #"rint":"f918224467e2aed61b926574ec22aaad","take":1,"upstream":"openai"},"fault":"mode"#,
        #"l-fault","parameters":{"delay_ms":437,"note":"","word":"500"}},{"at":{"attempt":1,"c"#,
        #"all":2,"fingerprint":"399fcd6d6266afebac256b6ad253fedb","take":1,"upstream":"shop"},"#,
        #""fault":"tool-fault","parameters":{"at_byte":3}},{"at":{"attempt":2,"call":2,"finger"#,
        #"print":"399fcd6d6266afebac256b6ad253fedb","take":1,"upstream":"shop"},"fault":"tool-"#,
        #"fault","parameters":{"at_byte":2}}],"off_tape":"echo","order":"7","schema":1}"#,
    ].joined()
}
