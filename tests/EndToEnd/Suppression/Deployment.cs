using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Scans.Clusters;
using ImageScan.Core.Scans.Suppression;
using ImageScan.Core.Storage;
using ImageScan.Core.Storage.Lists;
using ImageScan.EndToEnd.Azurite;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageScan.EndToEnd.Suppression;

/// <summary>What one process has to do with exceptions: its own connections, and tables that it shares with others of the prefix.</summary>
internal sealed class Deployment : IDisposable
{
    public static readonly ExceptionCaller Ann = new(new ExceptionActor("token:ann", "Ann Archer"), MayDecide: false);
    public static readonly ExceptionCaller Bob = new(new ExceptionActor("token:bob", "Bob"), MayDecide: true);

    private readonly StorageAccount _account;

    public Deployment(SharedAzurite azurite, string prefix, TimeProvider time, RetentionSettings? retention = null)
        : this(azurite.ConnectionString, prefix, time, retention)
    {
    }

    public Deployment(string connectionString, string prefix, TimeProvider time, RetentionSettings? retention = null)
    {
        _account = new StorageAccount(new StorageSettings { ConnectionString = connectionString, Prefix = prefix });
        Store = new SuppressionStore(_account);
        Suppressions = new Suppressions(Store, new VexStore(_account), time);
        Exceptions = new VulnerabilityExceptions(Store, Suppressions, time);
        Snoozes = new Snoozes(Store, Suppressions, time);
        Scans = new ScanStore(_account, time, NullLogger<ScanStore>.Instance);
        Sweep = new ExceptionSweep(
            Store,
            Suppressions,
            Snoozes,
            new FixableCves(new TermStore(_account), new ImageList(_account)),
            retention ?? new RetentionSettings(),
            new ClusterSettings(),
            time,
            NullLogger<ExceptionSweep>.Instance);
    }

    public SuppressionStore Store { get; }

    public Suppressions Suppressions { get; }

    public VulnerabilityExceptions Exceptions { get; }

    public Snoozes Snoozes { get; }

    public ScanStore Scans { get; }

    public ExceptionSweep Sweep { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static NewException Deferral(params IReadOnlyList<string> cves) => new()
    {
        Target = ExceptionTarget.Deferred,
        Cves = cves,
        Comment = "not now",
        Scope = ExceptionScope.AllImages,
        Expiry = new ExceptionExpiry(ExceptionExpiryKind.Time),
    };

    public async Task<string> AskAsync(NewException asked) => (await Exceptions.CreateAsync(asked, Ann, Token)).Id;

    public async Task<string> ApprovedAsync(NewException asked)
    {
        string id = await AskAsync(asked);
        await Exceptions.ApproveAsync(id, "fine", Bob, Token);
        return id;
    }

    public async Task<VulnerabilityException> GetAsync(string id) => (await Exceptions.FindAsync(id, Token))!;

    /// <summary>What a CVE is taken for in any image, as this process answers now.</summary>
    public async Task<ExceptionTarget?> StateOfAsync(string cve, TimeProvider time) =>
        (await Suppressions.CurrentAsync(Token)).For(null, time.GetUtcNow()).Of(cve).State;

    public void Dispose()
    {
        Store.Dispose();
        _account.Dispose();
    }
}
