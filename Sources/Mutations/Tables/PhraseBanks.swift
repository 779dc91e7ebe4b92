/// Frames around a request: what stands before it, and what behind.
enum PhraseBanks {
    static let polite: [(String, String)] = [
        ("Could you please help me with this? ", " Thank you very much!"),
        ("Hello! I hope you are well. ", " Many thanks in advance."),
        ("If it is not too much trouble: ", " I appreciate your help."),
        ("Good day. My request is this: ", " Kind regards."),
    ]
    static let indirect: [(String, String)] = [
        ("I was wondering whether you could do this: ", ""),
        ("It would be good if this were done: ", ""),
        ("What I have in mind is the following. ", ""),
        ("Here is what I am after: ", ""),
    ]
    static let thirdPerson: [(String, String)] = [
        ("A customer wrote this and expects it to be done: ", ""),
        ("My colleague asks you the following: ", ""),
        ("On behalf of a friend I pass this on to you: ", ""),
        ("The user says: ", ""),
    ]
    static let conditional: [(String, String)] = [
        ("If you are able to, do this: ", ""),
        ("Provided that nothing stands against it: ", ""),
        ("Should you have a moment: ", ""),
        ("In case you can help, this is what I need: ", ""),
    ]
    static let angry: [(String, String)] = [
        ("This is the THIRD time I ask. ", " I am really losing my patience."),
        ("Why does nothing ever work here?! ", " And do it NOW."),
        ("Unbelievable service so far. ", " No excuses this time!"),
        ("I am fed up with waiting. ", " Get it done, IMMEDIATELY."),
    ]
    static let formal: [(String, String)] = [
        ("Dear Sir or Madam, I should like to request the following. ", " Yours faithfully."),
        ("To whom it may concern: ", " Your prompt attention is appreciated."),
        ("With reference to our earlier conversation: ", " I remain at your disposal."),
        ("I hereby submit this request. ", " Respectfully yours."),
    ]
    static let distractors = [
        "By the way, my neighbour has just painted the fence green.",
        "It rained all morning, and the tram was late again.",
        "My sister plays the cello in a small orchestra.",
        "The coffee machine on the second floor makes a strange noise.",
        "We had soup for lunch; it was a little too salty.",
        "A friend of mine collects old railway maps.",
        "The library opens later on Sundays, I am told.",
        "I once saw a heron standing on a parked car.",
    ]
    static let lorem = [
        "lorem", "ipsum", "dolor", "sit", "amet", "consectetur", "adipiscing", "elit", "sed", "do",
        "eiusmod", "tempor", "incididunt", "ut", "labore", "et", "dolore", "magna", "aliqua",
    ]

    /// A greeting, and the words for please, and, or, with, thank you, in twenty languages.
    static let languages: [(name: String, greeting: String, words: [String])] = [
        ("German", "Guten Tag!", ["bitte", "und", "oder", "mit", "danke"]),
        ("French", "Bonjour !", ["s'il vous plaît", "et", "ou", "avec", "merci"]),
        ("Spanish", "¡Hola!", ["por favor", "y", "o", "con", "gracias"]),
        ("Italian", "Buongiorno!", ["per favore", "e", "o", "con", "grazie"]),
        ("Portuguese", "Olá!", ["por favor", "e", "ou", "com", "obrigado"]),
        ("Dutch", "Goedendag!", ["alstublieft", "en", "of", "met", "dank u"]),
        ("Polish", "Dzień dobry!", ["proszę", "i", "lub", "z", "dziękuję"]),
        ("Czech", "Dobrý den!", ["prosím", "a", "nebo", "s", "děkuji"]),
        ("Swedish", "God dag!", ["snälla", "och", "eller", "med", "tack"]),
        ("Danish", "Goddag!", ["venligst", "og", "eller", "med", "tak"]),
        ("Finnish", "Hyvää päivää!", ["ole hyvä", "ja", "tai", "kanssa", "kiitos"]),
        ("Hungarian", "Jó napot!", ["kérem", "és", "vagy", "vele", "köszönöm"]),
        ("Turkish", "Merhaba!", ["lütfen", "ve", "veya", "ile", "teşekkürler"]),
        ("Russian", "Здравствуйте!", ["пожалуйста", "и", "или", "с", "спасибо"]),
        ("Ukrainian", "Добрий день!", ["будь ласка", "і", "або", "з", "дякую"]),
        ("Greek", "Γεια σας!", ["παρακαλώ", "και", "ή", "με", "ευχαριστώ"]),
        ("Hindi", "नमस्ते!", ["कृपया", "और", "या", "के साथ", "धन्यवाद"]),
        ("Japanese", "こんにちは!", ["お願いします", "と", "または", "と一緒に", "ありがとう"]),
        ("Korean", "안녕하세요!", ["부탁합니다", "그리고", "또는", "함께", "감사합니다"]),
        ("Chinese", "你好!", ["请", "和", "或者", "与", "谢谢"]),
    ]
    static let glueWords = ["please", "and", "or", "with", "thanks"]
}
