import Foundation
import Testing

@testable import Reports

@Suite("The largest page")
struct WorstPageTests {
    @Test("10,000 runs stay under 15 MB when all that agents say is long and hostile")
    func size() throws {
        let (storm, details) = try WorstPage.storm()
        #expect(details.runs.count == 120)
        let page = HTMLReport.storm(storm, details: details)
        if let file = ProcessInfo.processInfo.environment["STORMTAPE_WORST_PAGE"] {
            try Data(page).write(to: URL(fileURLWithPath: file))
        }
        #expect(page.count < 15_000_000)
        // Rooms that stay empty would prove nothing.
        #expect(page.count > 11_000_000)
    }
}
