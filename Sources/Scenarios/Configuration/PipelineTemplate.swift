internal import Determinism

/// A pipeline that storms an agent on every change.
package enum PipelineTemplate: String, CaseIterable, Sendable {
    case github
    case gitlab

    /// Where it belongs, from the root of the repository.
    package var path: String {
        switch self {
        case .github: ".github/workflows/stormtape.yml"
        case .gitlab: ".gitlab-ci.yml"
        }
    }

    /// What has to be set once, for the one who reads the terminal.
    package var nextStep: String {
        switch self {
        case .github:
            "set the repository variable STORMTAPE_REPOSITORY to OWNER/NAME of stormtape's sources"
        case .gitlab: "set the CI/CD variable STORMTAPE_REPOSITORY to the address of its sources"
        }
    }

    /// The text, for a version of the tool; `folder` is that of `stormtape.yaml`, from the root
    /// of the repository, and empty where it is the root.
    package func text(version: String, folder: String = "") -> String {
        switch self {
        case .github: Self.github(version, folder)
        case .gitlab: Self.gitlab(version, folder)
        }
    }

    /// A value of YAML: a path in that folder.
    private static func path(_ name: String, in folder: String) -> String {
        folder.isEmpty ? name : FlowText.of(.string("\(folder)/\(name)"))
    }

    /// A line that enters that folder; empty where it is the root.
    private static func enter(_ folder: String, indent: String) -> String {
        guard !folder.isEmpty else { return "" }
        let quoted = folder.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: "'\\''")
        return "\(indent)cd '\(quoted)'\n"
    }

    private static let packages = "libsqlite3-dev zlib1g-dev libbrotli-dev python3 python3-venv"

    /// Installs what the usual files of a project name, and puts `python` on the path.
    private static func agent(path: String, indent: String) -> String {
        [
            "# What the agent needs to run; change this to your own.",
            "python3 -m venv .venv",
            path,
            "if [ -f requirements.txt ]; then .venv/bin/pip install -r requirements.txt; fi",
            "if [ -f package-lock.json ]; then npm ci; fi",
        ].map { indent + $0 }.joined(separator: "\n")
    }

    private static func github(_ version: String, _ folder: String) -> String {
        """
        # Storms the agent of stormtape.yaml on every change: offline, without a key. The tool is
        # built once for each version and kept in the cache.
        name: stormtape
        on:
          push:
          pull_request:
        permissions:
          contents: read
        env:
          STORMTAPE_VERSION: "\(version)"
        jobs:
          storm:
            runs-on: ubuntu-latest
            container: swift:6.3
            timeout-minutes: 60
            defaults:
              run:
                shell: bash
            steps:
              - uses: actions/checkout@v4
              - name: Install libraries
                run: |
                  apt-get update
                  DEBIAN_FRONTEND=noninteractive apt-get install -y \(packages)
              - name: Restore stormtape
                id: tool
                uses: actions/cache@v4
                with:
                  path: .stormtape/bin
                  key: stormtape-${{ runner.os }}-${{ runner.arch }}-${{ env.STORMTAPE_VERSION }}
              - name: Fetch stormtape
                if: steps.tool.outputs.cache-hit != 'true'
                uses: actions/checkout@v4
                with:
                  repository: ${{ vars.STORMTAPE_REPOSITORY }}
                  ref: v${{ env.STORMTAPE_VERSION }}
                  path: .stormtape/source
              - name: Build stormtape
                if: steps.tool.outputs.cache-hit != 'true'
                run: |
                  swift build --package-path .stormtape/source -c release --product stormtape
                  mkdir -p .stormtape/bin
                  cp .stormtape/source/.build/release/stormtape .stormtape/bin/
                  rm -rf .stormtape/source
              - name: Install the agent
                run: |
        \(enter(folder, indent: "          "))\
        \(agent(path: #"echo "$PWD/.venv/bin" >> "$GITHUB_PATH""#, indent: "          "))
              - name: Storm
                run: |
        \(enter(folder, indent: "          "))\
                  "$GITHUB_WORKSPACE/.stormtape/bin/stormtape" storm
              - name: Keep the reports
                if: always()
                uses: actions/upload-artifact@v4
                with:
                  name: stormtape
                  path: \(path("reports", in: folder))
                  if-no-files-found: ignore

        """
    }

    private static func gitlab(_ version: String, _ folder: String) -> String {
        """
        # Storms the agent of stormtape.yaml on every change: offline, without a key. The tool is
        # built once for each version and kept in the cache.
        stormtape:
          image: swift:6.3
          timeout: 60 minutes
          variables:
            STORMTAPE_VERSION: "\(version)"
          cache:
            key: "stormtape-$STORMTAPE_VERSION"
            paths:
              - .stormtape/bin
          before_script:
            - apt-get update
            - DEBIAN_FRONTEND=noninteractive apt-get install -y git \(packages)
            - |
              if [ ! -x .stormtape/bin/stormtape ]; then
                git clone --depth 1 --branch "v$STORMTAPE_VERSION" \\
                  "$STORMTAPE_REPOSITORY" .stormtape/source
                swift build --package-path .stormtape/source -c release --product stormtape
                mkdir -p .stormtape/bin
                cp .stormtape/source/.build/release/stormtape .stormtape/bin/
                rm -rf .stormtape/source
              fi
            - |
        \(enter(folder, indent: "      "))\
        \(agent(path: #"export PATH="$PWD/.venv/bin:$PATH""#, indent: "      "))
          script:
            # In the folder that before_script went to.
            - |
              "$CI_PROJECT_DIR/.stormtape/bin/stormtape" storm
          artifacts:
            when: always
            paths:
              - \(path("reports", in: folder))
            reports:
              junit: \(path("reports/*.xml", in: folder))

        """
    }
}
