using System.Text.Json.Serialization;

namespace ImageScan.Core.Vulnerabilities;

/// <summary>One thing that a feed says. Every text in it is hostile.</summary>
[JsonDerivedType(typeof(Advisory), "advisory")]
[JsonDerivedType(typeof(CveMetadata), "cve")]
[JsonDerivedType(typeof(RepositoryCpes), "repository")]
[JsonDerivedType(typeof(ReleaseEnd), "release")]
public abstract record FeedRecord
{
    /// <summary>The document of the feed that it was read from, for people: <c>npm/all.zip</c>, without folders of the machine that read it.</summary>
    public string Source { get; init; } = "";

    /// <summary>The name of the feed (<c>debian</c>); two feeds may use one id.</summary>
    public string Feed { get; init; } = "";

    /// <summary>A feed has one record of a key: the later one replaces the earlier.</summary>
    [JsonIgnore]
    public abstract string Key { get; }
}

/// <summary>What Red Hat calls the products that a repository serves (https://security.access.redhat.com/data/metrics/repository-to-cpe.json).</summary>
/// <param name="Repository">The content set, <c>rhel-9-for-x86_64-baseos-rpms</c>.</param>
/// <param name="Cpes">CPE 2.2 URIs, <c>cpe:/o:redhat:enterprise_linux:9::baseos</c>.</param>
public sealed record RepositoryCpes(string Repository, IReadOnlyList<string> Cpes) : FeedRecord
{
    public override string Key => $"repository:{Repository}";
}

/// <summary>When a release of a distribution stops to be mended.</summary>
/// <param name="DistributionId">os-release ID: <c>debian</c>.</param>
/// <param name="Release">As EndOfLife.tsv writes it: <c>11</c>, <c>3.19</c>.</param>
/// <param name="EndsOn">The last day on which everybody gets fixes.</param>
/// <param name="ExtendedUntil">The last day on which some do; null if nobody does longer.</param>
public sealed record ReleaseEnd(string DistributionId, string Release, DateOnly EndsOn, DateOnly? ExtendedUntil) : FeedRecord
{
    public override string Key => $"release:{DistributionId}:{Release}";
}
