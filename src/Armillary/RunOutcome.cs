namespace Armillary;

/// <summary>Who ended a <see cref="Hypervisor.Run"/>.</summary>
public enum RunOutcome
{
    /// <summary>The guest: <see cref="VmExitInfo.Reason"/> and <see cref="VmExitInfo.Description"/> say by what.</summary>
    GuestExit,

    /// <summary>The iteration limit. The guest can go on with the next run.</summary>
    LimitReached,

    /// <summary>The step callback. The guest can go on with the next run.</summary>
    Stopped,

    /// <summary>The cancellation token, or <see cref="VirtualCpu.RequestExit"/>. The guest can go on with the next run.</summary>
    Canceled,
}
