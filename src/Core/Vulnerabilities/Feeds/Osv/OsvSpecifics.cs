using System.Text.Json;

namespace ImageScan.Core.Vulnerabilities.Feeds.Osv;

/// <summary>
/// What single sources add to an entry of <c>affected</c>, in <c>ecosystem_specific</c>, <c>database_specific</c> and the qualifiers of the package
/// URL: the schema leaves their content to them (https://ossf.github.io/osv-schema/#affectedecosystem_specific-field).
/// </summary>
internal static class OsvSpecifics
{
    private const string Specific = "ecosystem_specific";

    // Of https://deb.freexian.com/extended-lts/tracker/, in the purls as the repository that has the fixes.
    private const string Freexian = "://deb.freexian.com/extended-lts";

    /// <summary>
    /// The ecosystem that an entry is about: its own, but for Freexian's advisories, which name Debian's releases though only its customers get the fixes.
    /// </summary>
    public static OsvEcosystem EcosystemOf(JsonElement affected, string id, OsvEcosystem stated)
    {
        bool isFreexians = stated is { Name: "Debian", Release.Length: > 0 } && (id.StartsWith("ELA-", StringComparison.Ordinal)
            || QualifierOf(affected, "repository_url")?.Contains(Freexian, StringComparison.Ordinal) == true);
        return isFreexians ? OsvEcosystem.ExtendedDebian(stated.Release) : stated;
    }

    /// <summary>Why an entry is none of a vulnerability that an image can have; null if there is nothing against it.</summary>
    public static string? ReasonAgainst(JsonElement affected, OsvEcosystem ecosystem)
    {
        if (ecosystem.Name != "crates.io")
        {
            return null;
        }

        // "unmaintained", "unsound" and "notice" (https://github.com/rustsec/advisory-db/blob/main/CONTRIBUTING.md).
        if (OsvFields.Word(affected, "database_specific", "informational") is not null)
        {
            return "informational notice of RustSec";
        }

        // Of affects.arch nothing is taken: the crates in an executable do not tell what it was built for.
        string[] systems = [.. TextsOf(Member(Member(affected, Specific), "affects"), "os")];
        return systems.Length > 0 && !systems.Contains("linux", StringComparer.Ordinal) ? "about other operating systems than Linux" : null;
    }

    /// <summary>
    /// What is done about it. Only Chainguard's records have a word for that, the last one of each component
    /// (https://github.com/chainguard-dev/vulnerability-scanner-support/blob/main/docs/osv_v3_feed.md). Ubuntu's say no more than whether there is
    /// a fix (https://documentation.ubuntu.com/security/security-updates/osv/).
    /// </summary>
    public static AdvisoryStatus StatusOf(JsonElement affected, OsvEcosystem ecosystem)
    {
        if (!IsChainguards(ecosystem))
        {
            return AdvisoryStatus.Affected;
        }

        string?[] words = [.. Components(affected).Select(component => JsonText.Short(component, "latest_event_status")).Distinct(StringComparer.Ordinal)];
        return words switch
        {
            ["fix_not_planned"] => AdvisoryStatus.WillNotFix,
            ["pending_upstream_fix"] => AdvisoryStatus.FixDeferred,
            _ => AdvisoryStatus.Affected,
        };
    }

    /// <summary>Whether an entry speaks of a part of its package, as Chainguard's do: what it denies, another entry may state of another part.</summary>
    public static bool IsAboutAComponent(JsonElement affected) => Components(affected).Any();

    /// <summary>The architectures it is limited to; empty for all.</summary>
    public static IReadOnlyList<string> ArchitecturesOf(JsonElement affected, OsvEcosystem ecosystem)
    {
        if (IsChainguards(ecosystem))
        {
            return QualifierOf(affected, "arch") is { Length: > 0 } arch ? [arch] : [];
        }

        // openEuler lists the rpms of each architecture: {"aarch64": [...], "src": [...], "x86_64": [...]}
        // (https://repo.openeuler.org/security/data/osv/). What is built for none in particular is meant everywhere.
        if (ecosystem.Name != "openEuler" || Member(affected, Specific) is not { ValueKind: JsonValueKind.Object } lists)
        {
            return [];
        }

        string[] built = [.. lists.EnumerateObject().Where(list => list.Value.ValueKind == JsonValueKind.Array && list.Value.GetArrayLength() > 0)
            .Select(list => list.Name).Where(name => name is "aarch64" or "loongarch64" or "noarch" or "ppc64le" or "riscv64" or "x86_64")];
        return built.Contains("noarch", StringComparer.Ordinal) ? [] : built;
    }

    /// <summary>
    /// Name and stream of the module, which Red Hat's package URLs have since 2025 as <c>rpmmod=389-ds:1.4:8100020240613122040:25e700aa</c>; null
    /// if it says none.
    /// </summary>
    public static string? ModuleOf(JsonElement affected) =>
        QualifierOf(affected, "rpmmod")?.Split(':') is [{ Length: > 0 } name, { Length: > 0 } stream, ..] ? $"{name}:{stream}" : null;

    private static bool IsChainguards(OsvEcosystem ecosystem) => ecosystem.Name is "Chainguard" or "Wolfi";

    private static IEnumerable<JsonElement> Components(JsonElement affected) =>
        Member(Member(affected, Specific), "components") is { ValueKind: JsonValueKind.Array } components
            ? components.EnumerateArray().Where(component => component.ValueKind == JsonValueKind.Object)
            : [];

    // https://github.com/package-url/purl-spec: "?arch=x86_64&distro=9".
    private static string? QualifierOf(JsonElement affected, string name)
    {
        if (Member(affected, "package") is not { ValueKind: JsonValueKind.Object } package || JsonText.Short(package, "purl") is not { } purl)
        {
            return null;
        }

        int begin = purl.IndexOf('?', StringComparison.Ordinal);
        string? qualifier = begin < 0
            ? null
            : Array.Find(purl[(begin + 1)..].Split('#')[0].Split('&'), pair => pair.StartsWith(name + "=", StringComparison.Ordinal));
        return qualifier is null ? null : Uri.UnescapeDataString(qualifier[(name.Length + 1)..]);
    }

    private static IEnumerable<string> TextsOf(JsonElement owner, string name) => Member(owner, name) is { ValueKind: JsonValueKind.Array } list
        ? list.EnumerateArray().Where(text => text.ValueKind == JsonValueKind.String).Select(text => text.GetString()!)
        : [];

    // Undefined if there is none.
    private static JsonElement Member(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var member) ? member : default;
}
