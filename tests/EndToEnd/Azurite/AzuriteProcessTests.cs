using System.Diagnostics;
using System.Globalization;
using Azure.Data.Tables;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Azurite;

namespace ImageScan.EndToEnd.Azurite;

public sealed class AzuriteProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("azurite-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task KeepsItsRowsFromOneRunToTheNext()
    {
        await using (AzuriteProcess first = await AzuriteProcess.StartAsync(Options(), Token))
        {
            await AddRowAsync(first.ConnectionString, "kept");
        }

        await using AzuriteProcess second = await AzuriteProcess.StartAsync(Options(), Token);
        Assert.True(await HasRowAsync(second.ConnectionString, "kept"));
    }

    [Fact]
    public async Task LosesNoAcknowledgedRowWhenItsParentIsKilled()
    {
        using Process parent = StartHost();
        string connection = (await parent.StandardOutput.ReadLineAsync(Token))!;
        int azurite = int.Parse((await parent.StandardOutput.ReadLineAsync(Token))!, CultureInfo.InvariantCulture);
        await AddRowAsync(connection, "acknowledged");

        parent.Kill();
        await parent.WaitForExitAsync(Token);

        // Starting waits for the other to write its rows, and would fail if it went on.
        await using AzuriteProcess next = await AzuriteProcess.StartAsync(Options(), Token);
        Assert.True(await HasRowAsync(next.ConnectionString, "acknowledged"));
        await Eventually.GetAsync(() => Task.FromResult(IsAzurite(azurite)), isRunning => !isRunning);
    }

    [Fact]
    public async Task OutlivesACtrlCThatItsParentHandles()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Skipped: there is no SIGINT to send.");
        await using AzuriteProcess process = await AzuriteProcess.StartAsync(Options() with { InMemory = true }, Token);

        using Process signal = Process.Start("kill", ["-INT", $"{process.ProcessId}"]);
        await signal.WaitForExitAsync(Token);

        await AddRowAsync(process.ConnectionString, "after");
        Assert.True(await HasRowAsync(process.ConnectionString, "after"));
    }

    [Fact]
    public async Task ListensOnLoopbackOnly()
    {
        await using AzuriteProcess process = await AzuriteProcess.StartAsync(Options() with { InMemory = true }, Token);

        foreach (string endpoint in new[] { "Blob", "Queue", "Table" })
        {
            Assert.Contains($"{endpoint}Endpoint=http://127.0.0.1:", process.ConnectionString, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task LeavesNothingBehindInMemory()
    {
        await using (AzuriteProcess process = await AzuriteProcess.StartAsync(Options() with { InMemory = true }, Token))
        {
            await AddRowAsync(process.ConnectionString, "gone");
        }

        await using AzuriteProcess next = await AzuriteProcess.StartAsync(Options(), Token);
        Assert.False(await HasRowAsync(next.ConnectionString, "gone"));
    }

    [Fact]
    public async Task SaysWhatToInstallWhenNodeIsMissing()
    {
        AzuriteException refusal = await Assert.ThrowsAsync<AzuriteException>(() => AzuriteProcess.StartAsync(Options() with { SearchPath = _folder }, Token));

        Assert.Contains("Node.js 20", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("AzureWebJobsStorage", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaysWhatNpmSaidWhenTheInstallationFails()
    {
        WriteProgram("node", "exit 0");
        WriteProgram("npm", "echo no such registry >&2; exit 7");
        string empty = Path.Combine(_folder, "empty");

        AzuriteException refusal = await Assert.ThrowsAsync<AzuriteException>(
            () => AzuriteProcess.StartAsync(Options() with { Folder = empty, SearchPath = $"{_folder}{Path.PathSeparator}/bin" }, Token));

        Assert.Contains("ended with 7: no such registry", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("AzureWebJobsStorage", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InstallsOnceForTwoThatComeAtOnce()
    {
        WriteProgram("node", "echo not today >&2; exit 3");
        WriteProgram("npm", "echo run >> ../runs; [ ! -e ../busy ] || exit 9; touch ../busy; sleep 0.3; rm ../busy");
        string empty = Path.Combine(_folder, "empty");
        using var messages = new StringWriter();
        AzuriteOptions options = Options() with { Folder = empty, SearchPath = $"{_folder}{Path.PathSeparator}/bin", InMemory = true, Messages = TextWriter.Synchronized(messages) };

        AzuriteException[] refusals = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Assert.ThrowsAsync<AzuriteException>(() => AzuriteProcess.StartAsync(options, Token))));

        Assert.All(refusals, refusal => Assert.Contains("ended with 3 instead of starting: not today", refusal.Message, StringComparison.Ordinal));
        Assert.Equal(["run"], await File.ReadAllLinesAsync(Path.Combine(empty, "azurite", "runs"), Token));
        Assert.Single(messages.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task RefusesDataThatAnotherKeeps()
    {
        await using AzuriteProcess first = await AzuriteProcess.StartAsync(Options(), Token);

        AzuriteException refusal = await Assert.ThrowsAsync<AzuriteException>(() => AzuriteProcess.StartAsync(Options() with { DataPatience = TimeSpan.Zero }, Token));

        Assert.Contains("Another process keeps its data", refusal.Message, StringComparison.Ordinal);
    }

    // The installation of the clone, with data of its own.
    private AzuriteOptions Options() => new() { DataFolder = Path.Combine(_folder, "data") };

    /// <summary>A process that only holds an Azurite: these tests, started again with a word that <see cref="AzuriteHost"/> knows.</summary>
    private Process StartHost()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        start.Environment[AzuriteHost.DataVariable] = Path.Combine(_folder, "data");
        return Process.Start(start)!;
    }

    // What nobody has waited for yet, or another program with the number of one that is gone, runs no Azurite.
    private static bool IsAzurite(int processId)
    {
        try
        {
            return OperatingSystem.IsLinux()
                ? File.ReadAllText($"/proc/{processId}/cmdline").Contains("start.js", StringComparison.Ordinal)
                : Process.GetProcessById(processId) is not null;
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            return false;
        }
    }

    private void WriteProgram(string name, string script) => ShellScript.Write(Path.Combine(_folder, name), script);

    private static async Task AddRowAsync(string connection, string key)
    {
        using var account = new StorageAccount(new StorageSettings { ConnectionString = connection });
        TableClient table = await account.TableAsync(TableNames.Jobs, Token);
        await table.AddEntityAsync(new TableEntity("p", key), Token);
    }

    private static async Task<bool> HasRowAsync(string connection, string key)
    {
        using var account = new StorageAccount(new StorageSettings { ConnectionString = connection });
        TableClient table = await account.TableAsync(TableNames.Jobs, Token);
        return (await table.GetEntityIfExistsAsync<TableEntity>("p", key, cancellationToken: Token)).HasValue;
    }
}
