using Armillary;
using Armillary.Lab;

// lab guests [NAME-PART] | gic | id | exits | measure | life: see the classes. Exit code 0 only if nothing failed.
Backend kvm = Backends.Find("kvm")!;
EngineStatus status = kvm.Probe();
Console.WriteLine($"kvm: {status.Reason}{(status.Fix is null ? "" : " Fix: " + status.Fix)}");
if (!status.IsAvailable) return 5;
return args.FirstOrDefault() switch
{
    "exits" => Measurements.CountExits(kvm),
    "measure" => Measurements.TimeRequests(kvm),
    "gic" => InterruptControllerChecks.Run(kvm),
    "id" => IdentificationChecks.Run(kvm),
    "life" => Lifetimes.Run(kvm),
    _ => GuestComparison.Run(kvm, args.ElementAtOrDefault(1) ?? ""),
};
