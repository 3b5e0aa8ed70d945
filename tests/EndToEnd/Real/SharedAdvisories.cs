using ImageScan.EndToEnd.Real;
using ImageScan.TestSupport;

[assembly: AssemblyFixture(typeof(SharedAdvisories))]

namespace ImageScan.EndToEnd.Real;

/// <summary>The snapshot of all advisories of <c>../shared</c>, built by the command when the first test asks for it.</summary>
public sealed class SharedAdvisories : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("imagescan-advisories-");
    private readonly Lock _building = new();
    private Task<CommandRun>? _build;

    private string Snapshot => Path.Combine(_folder.FullName, "all.snap");

    /// <summary>The snapshot's path. Skips the running test where there are no advisories to build it from.</summary>
    public async Task<string> SnapshotAsync(CancellationToken cancellationToken)
    {
        CommandRun build = await BuildAsync(cancellationToken);
        Assert.True(build.ExitCode == 0, $"imagescan advisories build ended with {build.ExitCode}: {build.Output} {build.Error}");
        return Snapshot;
    }

    /// <summary>What the command said as it built it.</summary>
    internal Task<CommandRun> BuildAsync(CancellationToken cancellationToken)
    {
        string[] folders = [SharedData.Path("data", "advisories", "osv"), SharedData.Path("data", "advisories", "osv-converted")];
        lock (_building)
        {
            // Not for one test alone, so no test's end may stop it.
            _build ??= ImageScanCommand.RunAsync(
                snapshot: null, CancellationToken.None, "advisories", "build", "--from", folders[0], "--from", folders[1], "--out", Snapshot);
        }

        return _build.WaitAsync(cancellationToken);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
