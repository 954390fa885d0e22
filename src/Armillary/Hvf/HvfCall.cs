using System.Diagnostics;
using Armillary.Hvf.Interop;

namespace Armillary.Hvf;

/// <summary>Turns the framework's refusals into errors that say what was asked for.</summary>
internal static class HvfCall
{
    /// <summary>Throws unless a call succeeded.</summary>
    /// <param name="result">What it returned.</param>
    /// <param name="call">The call with its arguments, for the message.</param>
    /// <exception cref="ArmillaryException">It did not succeed.</exception>
    [StackTraceHidden]
    public static void Check(hv_return_t result, string call)
    {
        if (result != hv_return_t.HV_SUCCESS) throw Error(result, call);
    }

    /// <summary>The error of a call that did not succeed.</summary>
    public static ArmillaryException Error(hv_return_t result, string call)
    {
        string name = Enum.GetName(result) ?? "an unknown error";
        return new ArmillaryException($"Hypervisor.framework refused {call}: {name} (0x{(uint)result:x8}).");
    }
}
