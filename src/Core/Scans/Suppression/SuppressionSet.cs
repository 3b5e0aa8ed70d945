using System.Collections.Frozen;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Vex;

namespace ImageScan.Core.Scans.Suppression;

/// <summary>All that is snoozed and all exceptions in force, as of one moment; whether one is over is looked at with every question.</summary>
public sealed class SuppressionSet
{
    private readonly FrozenDictionary<string, Snooze> _snoozes;
    private readonly FrozenDictionary<ExceptionScope, Scoped> _scopes;

    /// <param name="snoozes">At most one a CVE.</param>
    /// <param name="exceptions">Those that are not in force are passed over.</param>
    /// <param name="vex">What VEX documents say; null for nothing.</param>
    public SuppressionSet(IEnumerable<Snooze> snoozes, IEnumerable<VulnerabilityException> exceptions, VexStatements? vex = null)
    {
        Vex = vex ?? VexStatements.None;
        _snoozes = snoozes.ToFrozenDictionary(snooze => snooze.Cve, StringComparer.Ordinal);
        _scopes = exceptions.Where(exception => exception.IsInForce)
            .GroupBy(exception => exception.Scope.Plain())
            .ToFrozenDictionary(scope => scope.Key, scope => new Scoped(scope));
    }

    public static SuppressionSet Nothing { get; } = new([], []);

    /// <summary>How many CVEs are snoozed, or were and have not been swept.</summary>
    public int Snoozed => _snoozes.Count;

    /// <summary>What VEX documents say.</summary>
    public VexStatements Vex { get; }

    /// <summary>What holds for an image.</summary>
    /// <param name="name">The name under which it is answered with; null if it has none, and then only exceptions for all images hold.</param>
    /// <param name="now">The moment of the answer.</param>
    /// <param name="scan">The image, of which VEX documents may speak; null if these are not asked.</param>
    public ImageSuppression For(ImageReference? name, DateTimeOffset now, Scan? scan = null)
    {
        IReadOnlyList<ExceptionScope> scopes = name is null ? [ExceptionScope.AllImages] : ScopeRules.ScopesOf(name);
        return new ImageSuppression(
            _snoozes,
            [.. scopes.Select(scope => _scopes.GetValueOrDefault(scope)).OfType<Scoped>().Where(scoped => scoped.HoldsAt(now))],
            scan is null ? ClearedFindings.None : ClearedFindings.Of(scan, name, Vex),
            now);
    }

    /// <summary>The exceptions of one scope by CVE, newest first where several have the same.</summary>
    internal sealed class Scoped
    {
        private readonly VulnerabilityException[] _all;
        private readonly FrozenDictionary<string, VulnerabilityException[]> _byCve;

        public Scoped(IEnumerable<VulnerabilityException> exceptions)
        {
            _all = [.. exceptions.OrderByDescending(exception => exception.CreatedAt).ThenBy(exception => exception.Id, StringComparer.Ordinal)];
            _byCve = _all.SelectMany(exception => exception.Cves.Select(cve => (cve, exception)))
                .GroupBy(pair => pair.cve, pair => pair.exception, StringComparer.Ordinal)
                .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        }

        public bool HoldsAt(DateTimeOffset now) => _all.Any(exception => !exception.IsOverAt(now));

        public VulnerabilityException? Find(string cve, DateTimeOffset now) =>
            _byCve.TryGetValue(cve, out VulnerabilityException[]? exceptions) ? exceptions.FirstOrDefault(exception => !exception.IsOverAt(now)) : null;
    }
}

/// <summary>
/// What holds for one image, in StackRox's order: first what is snoozed, then the exceptions. If any exception means the image, the states of all
/// its vulnerabilities are those of exceptions alone, and one that is snoozed stays so all the same
/// (https://github.com/stackrox/stackrox/blob/4.5.0/central/cve/image/datastore/datastore_impl.go,
/// https://github.com/stackrox/stackrox/blob/4.5.0/central/vulnmgmt/vulnerabilityrequest/suppressor/cve_suppressor_impl.go).
/// </summary>
public sealed class ImageSuppression
{
    private readonly IReadOnlyDictionary<string, Snooze> _snoozes;
    private readonly IReadOnlyList<SuppressionSet.Scoped> _scopes;
    private readonly ClearedFindings _cleared;
    private readonly DateTimeOffset _now;

    internal ImageSuppression(
        IReadOnlyDictionary<string, Snooze> snoozes, IReadOnlyList<SuppressionSet.Scoped> scopes, ClearedFindings cleared, DateTimeOffset now)
    {
        _snoozes = snoozes;
        _scopes = scopes;
        _cleared = cleared;
        _now = now;
    }

    /// <summary>For an image about which nothing was decided.</summary>
    public static ImageSuppression None { get; } = SuppressionSet.Nothing.For(null, DateTimeOffset.UnixEpoch);

    /// <summary>Whether nothing holds for any CVE of the image.</summary>
    public bool IsEmpty => _scopes.Count == 0 && _snoozes.Count == 0 && _cleared.IsEmpty;

    /// <summary>
    /// What holds for one CVE of one component of the image: what was decided here about the CVE, and only where nothing was, what VEX documents say
    /// of it in that component. Who clears a CVE takes it for a false positive.
    /// </summary>
    public CveSuppression Of(string component, string version, string cve)
    {
        CveSuppression decided = Of(cve);
        bool isCleared = decided.State is null && _cleared.Has(component, version, cve);
        return isCleared ? decided with { State = ExceptionTarget.FalsePositive } : decided;
    }

    /// <summary>What was decided here about one CVE of the image, in whichever component it is.</summary>
    public CveSuppression Of(string cve)
    {
        Snooze? snooze = _snoozes.TryGetValue(cve, out Snooze? kept) && _now < kept.Expiry ? kept : null;
        if (_scopes.Count == 0)
        {
            return new CveSuppression(snooze, snooze is null ? null : ExceptionTarget.Deferred);
        }

        VulnerabilityException? exception = _scopes.Select(scoped => scoped.Find(cve, _now)).FirstOrDefault(found => found is not null);
        return new CveSuppression(snooze, exception?.Target) { Exception = exception };
    }
}

/// <summary>What was decided about a CVE of an image.</summary>
/// <param name="Snooze">That it is snoozed; null if it is not.</param>
/// <param name="State">What it is taken for; null if it is only observed.</param>
public readonly record struct CveSuppression(Snooze? Snooze, ExceptionTarget? State)
{
    /// <summary>The exception that <see cref="State"/> is of; null if it is of none.</summary>
    public VulnerabilityException? Exception { get; init; }
}
