internal import Determinism
internal import Judgement

/// The matrix of a contract as text and as JSON.
enum ContractText {
    /// Rows of invariants under columns of numbered scenarios.
    static func lines(_ verdict: ContractVerdict, reasons: [String]) -> [String] {
        let matrix = verdict.matrix
        let width = min(60, matrix.rows.map { $0.invariant.count }.max() ?? 0)
        let legend = matrix.scenarios.enumerated().map { "  \($0 + 1)  \(visible($1))" }
        let head =
            padded("", width + 12)
            + matrix.scenarios.indices.map { padded(String($0 + 1), 4) }.joined()
        let rows = matrix.rows.map { row in
            "  " + padded(visible(row.invariant), width + 1)
                + padded(row.severity.rawValue, 9)
                + row.cells.map { padded(mark($0.outcome), 4) }.joined()
        }
        return [
            "contract: score \(verdict.score.percentText(decimals: 2)), "
                + (reasons.isEmpty ? "kept" : "not kept")
        ]
            + reasons.map { "  " + visible($0) }
            + legend + [trimmed(head)] + rows.map(trimmed)
            + ["  ✓ held  ✗ broken  · not judged  ! not valid"]
    }

    static func json(_ verdict: ContractVerdict, reasons: [String]) -> JSONValue {
        [
            "score": .string(verdict.score.percentText(decimals: 2)),
            "resilience": .string(verdict.matrix.resilience.description),
            "kept": .bool(reasons.isEmpty),
            "reasons": .array(reasons.map { .string($0) }),
            "scenarios": .array(verdict.matrix.scenarios.map { .string($0) }),
            "rows": .array(verdict.matrix.rows.map(row)),
        ]
    }

    private static func row(_ row: MatrixRow) -> JSONValue {
        [
            "invariant": .string(row.invariant), "severity": .string(row.severity.rawValue),
            "cells": .array(
                row.cells.map { cell in
                    [
                        "outcome": .string(cell.outcome.rawValue),
                        "held": .int(Int64(cell.runs.held)),
                        "broken": .int(Int64(cell.runs.broken)),
                        "unjudged": .int(Int64(cell.runs.unjudged)),
                        "invalid": .int(Int64(cell.runs.invalid)),
                    ]
                }),
        ]
    }

    private static func mark(_ outcome: CellOutcome) -> String {
        switch outcome {
        case .held: "✓"
        case .broken: "✗"
        case .unjudged: "·"
        case .invalid: "!"
        }
    }

    private static func visible(_ text: String) -> String {
        let shown = VisibleText.escaped(text)
        return shown.count > 60 ? shown.prefix(59) + "…" : shown
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func trimmed(_ line: String) -> String {
        String(line.reversed().drop { $0 == " " }.reversed())
    }
}
