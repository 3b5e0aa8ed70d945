namespace ImageScan.EndToEnd.Scans;

/// <summary>
/// Tests that run the whole app. Every server works off the one queue of the shared account, and would take the messages of another test
/// for its own, so these run one after the other, and beside nothing else.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ScanServers
{
    public const string Name = "Servers of scans";
}
