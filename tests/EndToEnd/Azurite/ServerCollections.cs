// More than there are processors, since tests of servers wait for timers, other processes and leases most of the time.
[assembly: Xunit.v3.Parallelization(MaxThreads = 6)]

namespace ImageScan.EndToEnd.Azurite;

// Tests that run the whole app. Every server works off the queues of its account and would take the messages of another test for its own, so the
// classes of a collection run one after the other, on an Azurite of their own. The collections run side by side: such tests mostly wait.

/// <summary>What becomes of a scan.</summary>
[CollectionDefinition(Name)]
public sealed class ScanServers : ICollectionFixture<SharedAzurite>
{
    public const string Name = "Servers of scans";
}

/// <summary>What is killed and stopped on the way, and waits for leases to run out.</summary>
[CollectionDefinition(Name)]
public sealed class KilledServers : ICollectionFixture<SharedAzurite>
{
    public const string Name = "Servers that are killed";
}

/// <summary>What people read: the page, reports, the description, recipes.</summary>
[CollectionDefinition(Name)]
public sealed class PageServers : ICollectionFixture<SharedAzurite>
{
    public const string Name = "Servers of pages";
}

/// <summary>What comes in and goes out by itself: webhooks, notifications, Harbor, clusters.</summary>
[CollectionDefinition(Name)]
public sealed class EventServers : ICollectionFixture<SharedAzurite>
{
    public const string Name = "Servers of events";
}

/// <summary>All else: access, suppression, integrations, signatures, policies, advisories, real registries.</summary>
[CollectionDefinition(Name)]
public sealed class StateServers : ICollectionFixture<SharedAzurite>
{
    public const string Name = "Servers of state";
}

/// <summary>What listens to the whole process or measures time, and so runs after all others and alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WholeProcess : ICollectionFixture<SharedAzurite>
{
    public const string Name = "The whole process";
}
