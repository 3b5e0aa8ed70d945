using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.Local.Azurite;

[assembly: AssemblyFixture(typeof(SharedAzurite))]

namespace ImageScan.EndToEnd.Azurite;

/// <summary>
/// An Azurite in memory: one for each collection of servers, since they share its queues, and one for all other tests of this assembly. Tests keep
/// apart by the prefix of their tables and names of their queues.
/// </summary>
public sealed class SharedAzurite : IAsyncLifetime
{
    private AzuriteProcess? _process;

    public string ConnectionString => _process!.ConnectionString;

    public async ValueTask InitializeAsync() =>
        _process = await AzuriteProcess.StartAsync(new AzuriteOptions { InMemory = true }, CancellationToken.None);

    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>The account, with tables that no other test sees.</summary>
    public StorageAccount OwnTables() => new(new StorageSettings { ConnectionString = ConnectionString, Prefix = $"T{Guid.NewGuid():n}" });
}
