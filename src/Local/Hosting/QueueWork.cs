using ImageScan.Core.Storage;

namespace ImageScan.Local.Hosting;

/// <summary>What is done with the messages of one queue.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Places">How many of its messages are in work at a time.</param>
/// <param name="HandleAsync">Does what one message asks for; what it throws brings the message back.</param>
internal sealed record QueueWork(WorkQueue Queue, int Places, Func<string, CancellationToken, Task> HandleAsync)
{
    /// <summary>Whether it takes what another queue gave up: what fails here, too, has nowhere to go.</summary>
    public bool IsPoison => Queue.Name.EndsWith(QueueNames.PoisonSuffix, StringComparison.Ordinal);
}
