using System.Text.RegularExpressions;
using ImageScan.Core.Vulnerabilities.Feeds.Oval;

namespace ImageScan.Core.Vulnerabilities.Feeds.Oracle;

/// <summary>A package that an erratum mends.</summary>
/// <param name="Release"><c>8</c>.</param>
/// <param name="Package">Its own name.</param>
/// <param name="Version">The version that mends it, without the epoch 0.</param>
/// <param name="Module"><c>virt:kvm_utils</c>; null if it is in none.</param>
/// <param name="Architecture">Of the system; null for every one.</param>
internal sealed record OracleFix(string Release, string Package, string Version, string? Module, string? Architecture);

/// <summary>
/// Takes the packages out of the conditions of an erratum: <c>Oracle Linux 8 is installed</c> and (<c>Oracle Linux arch is aarch64</c> and
/// (<c>Module virt:kvm_utils is enabled</c> and (<c>hivex is earlier than 0:1.3.18-21.module+el8</c> and <c>hivex is signed with …</c>))). The
/// comments say all that the tests do, as others that read this document rely on too
/// (https://github.com/anchore/vunnel/blob/main/src/vunnel/providers/oracle/parser.py,
/// https://github.com/vulsio/goval-dictionary/blob/master/models/oracle/oracle.go), so the tests behind the definitions need not be held.
/// </summary>
internal sealed partial class OracleFixes
{
    private readonly List<OracleFix> _fixes = [];
    private string? _unknown;

    private OracleFixes()
    {
    }

    /// <summary>The packages.</summary>
    /// <param name="criteria">The conditions.</param>
    /// <param name="platform">The release that counts where no condition names one; null if there is none.</param>
    /// <param name="unknown">The last condition that is none of those known, of which the packages are taken as if it held; null if all are known.</param>
    public static IReadOnlyList<OracleFix> Of(OvalCriteria criteria, string? platform, out string? unknown)
    {
        var fixes = new OracleFixes();
        fixes.Take(criteria, new Scope(platform, null, null));
        unknown = fixes._unknown;
        return fixes._fixes;
    }

    private void Take(OvalCriteria criteria, Scope outer)
    {
        // What stands beside packages in an AND holds for all of them; in an OR each condition stands for itself.
        Scope scope = criteria.IsAny ? outer : criteria.Tests.Aggregate(outer, (known, test) => Narrowed(known, test.Comment) ?? known);
        foreach (OvalCriterion test in criteria.Tests)
        {
            if (Earlier().Match(test.Comment) is { Success: true } match)
            {
                Add(match.Groups[1].Value, match.Groups[2].Value, scope);
            }
            else if (Narrowed(outer, test.Comment) is null && !Signed().IsMatch(test.Comment))
            {
                _unknown = test.Comment;
            }
        }

        foreach (OvalCriteria group in criteria.Groups)
        {
            Take(group, scope);
        }
    }

    private void Add(string package, string version, Scope scope)
    {
        if (scope.Release is { } release)
        {
            _fixes.Add(new OracleFix(release, package, StatedRange.WithoutZeroEpoch(version), scope.Module, scope.Architecture));
        }
    }

    // Null if the condition narrows nothing.
    private static Scope? Narrowed(Scope scope, string comment)
    {
        if (Installed().Match(comment) is { Success: true } installed)
        {
            return scope with { Release = installed.Groups[1].Value };
        }

        if (EnabledModule().Match(comment) is { Success: true } module)
        {
            return scope with { Module = module.Groups[1].Value };
        }

        return SystemArchitecture().Match(comment) is { Success: true } architecture
            ? scope with { Architecture = architecture.Groups[1].Value }
            : null;
    }

    [GeneratedRegex(@"^Oracle Linux (\d{1,3}) is installed$")]
    private static partial Regex Installed();

    [GeneratedRegex(@"^Module (\S+:\S+) is enabled$")]
    private static partial Regex EnabledModule();

    [GeneratedRegex(@"^Oracle Linux arch is (\w+)$")]
    private static partial Regex SystemArchitecture();

    [GeneratedRegex(@"^(\S+) is earlier than (\S+)$")]
    private static partial Regex Earlier();

    [GeneratedRegex(@"^\S+ is signed with the Oracle Linux \d+ key$")]
    private static partial Regex Signed();

    private sealed record Scope(string? Release, string? Module, string? Architecture);
}
