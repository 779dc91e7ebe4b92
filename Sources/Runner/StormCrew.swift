/// Workers that stay for what is asked of the same agent next, with the agent they have ready.
package final class StormCrew {
    private var pool: WorkerPool?
    private var configuration: RunConfiguration?

    package init() {}

    /// The workers that are here, and more where that is asked for, when they have the same
    /// configuration; else new ones in their place.
    func pool(
        _ configuration: RunConfiguration, _ workers: Int, for jobs: [Job]
    ) throws(RunnerError) -> WorkerPool {
        if let pool, self.configuration == configuration {
            try pool.grow(to: min(workers, jobs.count), jobs: jobs.count)
            return pool
        }
        pool = nil
        let made = try WorkerPool(
            configuration, count: min(workers, jobs.count), jobs: jobs.count)
        pool = made
        self.configuration = configuration
        return made
    }
}
