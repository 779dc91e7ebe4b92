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

    /// The text, for a version of the tool.
    package func text(version: String) -> String {
        switch self {
        case .github: Self.github(version)
        case .gitlab: Self.gitlab(version)
        }
    }

    private static let packages = "libsqlite3-dev zlib1g-dev libbrotli-dev python3 python3-venv"

    /// Installs what the usual files of a project name.
    private static func agent(indent: String) -> String {
        [
            "# What the agent needs to run; change this to your own.",
            "if [ -f requirements.txt ]; then",
            "  python3 -m venv .venv",
            "  .venv/bin/pip install -r requirements.txt",
            "fi",
            "if [ -f package-lock.json ]; then npm ci; fi",
        ].map { indent + $0 }.joined(separator: "\n")
    }

    private static func github(_ version: String) -> String {
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
        \(agent(indent: "          "))
              - name: Storm
                run: .stormtape/bin/stormtape storm
              - name: Keep the reports
                if: always()
                uses: actions/upload-artifact@v4
                with:
                  name: stormtape
                  path: reports
                  if-no-files-found: ignore

        """
    }

    private static func gitlab(_ version: String) -> String {
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
        \(agent(indent: "      "))
          script:
            - .stormtape/bin/stormtape storm
          artifacts:
            when: always
            paths:
              - reports
            reports:
              junit: reports/*.xml

        """
    }
}
