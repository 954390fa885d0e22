using System.Runtime.InteropServices;
using System.Text;
using Armillary.Cli;

// Register names and addresses are ASCII, but file names in messages are not.
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

using var interrupt = new CancellationTokenSource();

// The first signal stops the guest and lets the report be printed; a second one ends the process as it would without us.
void Stop(PosixSignalContext context)
{
    if (interrupt.IsCancellationRequested) return;
    context.Cancel = true;
    interrupt.Cancel();
}

using PosixSignalRegistration control = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
return CommandLine.Run(args, new Surroundings(Console.Out, Console.Error, TimeProvider.System, interrupt.Token)
{
    HasTerminal = !Console.IsInputRedirected,
    Input = Console.OpenStandardInput(),
    Output = Console.OpenStandardOutput(),
    ErrorOutput = Console.OpenStandardError(),
});
