extension Unicode.Scalar {
    /// Whether it steers a terminal, turns the order of others round or cannot be seen.
    ///
    /// One list for all formats. Control characters below the space are not in it: each format has
    /// its own way with line breaks and tabs.
    var isHidden: Bool {
        switch value {
        case 0x7F...0x9F, 0xAD, 0x061C, 0x180E, 0x200B...0x200F, 0x2028...0x202E,
            0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB:
            true
        // Marks of language that nobody sees, used to smuggle text.
        case 0xE0000...0xE0FFF: true
        default: false
        }
    }
}
