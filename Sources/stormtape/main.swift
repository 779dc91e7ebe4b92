import StormtapeCommands

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

exit(EntryPoint.run())
