namespace Armillary.Cli;

/// <summary>The exit codes: a promise to scripts.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int Error = 1;
    public const int Usage = 2;
    public const int GuestFault = 3;
    public const int Limit = 4;
    public const int EngineUnavailable = 5;
    public const int Interrupted = 130;

    public const string Help = """
        Exit codes:
          0    the guest stopped as a guest should (BRK)
          1    error: a file that cannot be read or loaded, memory the host does not have
          2    usage: an option or a value that makes no sense
          3    the guest stopped at something that nobody handles: an abort, an access to no device,
               HVC, SMC, or WFI with no interrupt that could come
          4    the time limit or the exit limit was reached
          5    the engine is not available on this machine (see: armillary doctor)
          130  interrupted (Ctrl-C)
        """;
}
