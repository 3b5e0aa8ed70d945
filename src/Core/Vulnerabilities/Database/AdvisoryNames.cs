using System.Collections;

namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>What the advisories of a snapshot being built are findings of.</summary>
internal sealed class AdvisoryNames
{
    private readonly SpooledAdvisories _advisories;
    private readonly BitArray _rejected;
    private readonly AliasGroups _groups;

    /// <summary>Works out the alias groups.</summary>
    /// <param name="advisories">All.</param>
    /// <param name="live">Those that report something: a withdrawn record joins nothing, nor does it take a live one with it.</param>
    /// <param name="rejected">CVEs that were rejected, by the number of <see cref="CveId"/>.</param>
    public AdvisoryNames(SpooledAdvisories advisories, IEnumerable<SpooledAdvisory> live, HashSet<ulong> rejected)
    {
        _advisories = advisories;
        _rejected = new BitArray(advisories.Ids.Count);
        for (int id = 0; id < _rejected.Length && rejected.Count > 0; id++)
        {
            _rejected[id] = advisories.Ids.BytesOf(id).StartsWith("CVE-"u8)
                && CveId.TryParse(advisories.Ids.TextOf(id), out ulong cve) && rejected.Contains(cve);
        }

        _groups = new AliasGroups(advisories.Ids, id => _rejected[id]);
        foreach (SpooledAdvisory advisory in live)
        {
            if (!advisory.IsDistribution)
            {
                _groups.Join(advisory.Id, advisories.AliasesOf(advisory));
            }
        }

        _groups.Close();
    }

    /// <summary>
    /// Its CVEs; without any, those of its aliases; without these, one id that all aliases share. A rejected CVE is none for a library; a
    /// distribution's own word on one stands.
    /// </summary>
    public IReadOnlyList<int> NamesOf(SpooledAdvisory advisory)
    {
        int[] cves = _advisories.CvesOf(advisory).ToArray();
        if (advisory.IsDistribution)
        {
            return cves.Length > 0 ? cves : [advisory.Id];
        }

        int[] standing = Array.FindAll(cves, cve => !_rejected[cve]);
        return standing.Length > 0 ? standing : _groups.Of(advisory.Id).Names;
    }

    /// <summary>Its other ids but CVEs, ordered.</summary>
    public IReadOnlyList<int> OtherIdsOf(SpooledAdvisory advisory) => advisory.IsDistribution
        ? Array.FindAll(_advisories.AliasesOf(advisory).ToArray(), alias => !CveId.IsOne(_advisories.Ids.TextOf(alias)))
        : _groups.Of(advisory.Id).Others;
}
