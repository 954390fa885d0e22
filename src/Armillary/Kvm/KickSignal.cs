using System.Runtime.InteropServices;
using Armillary.Kvm.Interop;

namespace Armillary.Kvm;

/// <summary>
/// The signal that ends KVM_RUN: a real-time one that nobody in the process handles. Its handler is the C library's <c>abs</c>, which takes
/// an int, as handlers do, and does nothing; code of .NET's may not run in a handler.
/// </summary>
internal static unsafe class KickSignal
{
    private const int First = 50, Last = 64; // .NET and the C libraries take theirs from the other end

    private static readonly Lock s_lock = new();

    /// <summary>0 until a first thread accepts it.</summary>
    public static int Number { get; private set; }

    /// <summary>Lets this thread be interrupted.</summary>
    public static void Accept()
    {
        lock (s_lock)
        {
            if (Number == 0) Number = Install();
        }

        ulong* set = stackalloc ulong[LibC.SigsetWords];
        new Span<ulong>(set, LibC.SigsetWords).Clear();
        set[0] = 1ul << (Number - 1);
        if (LibC.pthread_sigmask(LibC.SIG_UNBLOCK, set, null) != 0) throw new ArmillaryException($"Signal {Number} cannot be unblocked.");
    }

    private static int Install()
    {
        var action = new LibC.sigaction_t { sa_handler = NativeLibrary.GetExport(NativeLibrary.Load("libc"), "abs"), sa_flags = LibC.SA_RESTART };
        for (int signal = First; signal <= Last; signal++)
        {
            LibC.sigaction_t old;
            if (LibC.sigaction(signal, null, &old) != 0 || old.sa_handler != 0) continue;
            if (LibC.sigaction(signal, &action, null) == 0) return signal;
        }

        throw new ArmillaryException($"Every real-time signal from {First} to {Last} has a handler; KVM needs one to call virtual CPUs out of the guest.");
    }
}
