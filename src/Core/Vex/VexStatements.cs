using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Vex;

/// <summary>
/// All statements of some documents together: what they say about a finding. Where several speak of the same, the latest counts, whichever document
/// it is in ("VEX is designed to be a sequence of statements, each overriding", https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md); of two
/// of one moment the one that was read later.
/// </summary>
public sealed class VexStatements
{
    private readonly Dictionary<string, List<(int Number, VexStatement Statement)>> _byVulnerability = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="documents">In the order in which they were given. Bills among them are what the links of the others are looked up in.</param>
    public VexStatements(IEnumerable<VexDocument> documents)
    {
        VexDocument[] all = [.. documents];
        var bills = new Dictionary<string, VexBill>(StringComparer.Ordinal);
        foreach (VexBill bill in all.Select(document => document.Bill).OfType<VexBill>().Where(bill => bill.Name.Length > 0))
        {
            // The last one: whoever gives a bill twice gives the newer one later.
            bills[bill.Name] = bill;
        }

        foreach (VexStatement statement in all.SelectMany(document => document.Statements))
        {
            Count++;
            VexStatement linked = statement with { Products = [.. statement.Products.Select(product => Linked(product, bills))] };
            foreach (string vulnerability in statement.Vulnerabilities)
            {
                if (!_byVulnerability.TryGetValue(vulnerability, out List<(int, VexStatement)>? statements))
                {
                    _byVulnerability.Add(vulnerability, statements = []);
                }

                statements.Add((Count, linked));
            }
        }
    }

    public static VexStatements None { get; } = new([]);

    /// <summary>How many statements there are.</summary>
    public int Count { get; }

    /// <summary>How many of their products stand in bills of materials that are not at hand, and so mean nothing.</summary>
    public int Unresolved { get; private set; }

    /// <summary>
    /// Reads one document: <see cref="VexReader.Read(Stream)"/>, whose <see cref="FormatException"/> says what is wrong. For several, read each with that
    /// and give all to the constructor, so that links between them are followed.
    /// </summary>
    public static VexStatements Read(Stream input) => new([VexReader.Read(input)]);

    /// <summary>
    /// The statement that counts for a vulnerability of a package in an image; null if there is none. That it is affected, or nobody knows yet, is a
    /// statement as well: it takes back what earlier ones say.
    /// </summary>
    /// <param name="image">The image; the same for all its findings.</param>
    /// <param name="package">The package that has the finding.</param>
    /// <param name="finding">The finding, which is meant by its CVE or by an alias.</param>
    public VexStatement? Find(VexImage image, Package package, Finding finding)
    {
        (int Number, VexStatement Statement)? latest = null;
        foreach (string vulnerability in finding.Aliases.Prepend(finding.Cve))
        {
            foreach ((int Number, VexStatement Statement) each in _byVulnerability.GetValueOrDefault(vulnerability) ?? [])
            {
                if (IsLater(each, latest) && each.Statement.Products.Any(product => Covers(product, image, package)))
                {
                    latest = each;
                }
            }
        }

        return latest?.Statement;
    }

    /// <summary>Whether a finding is not to be counted: somebody says that it does not apply, or is mended. See <see cref="Find"/>.</summary>
    public bool Clears(VexImage image, Package package, Finding finding) =>
        Find(image, package, finding) is { Status: VexStatus.NotAffected or VexStatus.FalsePositive or VexStatus.Fixed };

    private static bool IsLater((int Number, VexStatement Statement) one, (int Number, VexStatement Statement)? other) => other is not { } than
        || (one.Statement.Timestamp, one.Number).CompareTo((than.Statement.Timestamp, than.Number)) > 0;

    // A package that is a product is meant as a whole, and not for what others say it is made of: whose part a package is, nobody here knows.
    private static bool Covers(VexProduct product, VexImage image, Package package) =>
        (product.Subcomponents.Count == 0 || product.Subcomponents.Any(part => image.Is(part, package)))
        && (image.Is(product.Component) || image.Is(product.Component, package));

    private VexProduct Linked(VexProduct product, Dictionary<string, VexBill> bills)
    {
        if (product.Component.Link is not { } link)
        {
            return product;
        }

        IReadOnlyList<string>? versions = product.Component.Versions;
        if (bills.TryGetValue(link.Bill, out VexBill? bill))
        {
            if ((link.Reference.Length == 0 || link.Reference == bill.SubjectReference) && bill.Subject is { } subject)
            {
                return new VexProduct(subject with { Versions = versions }, []);
            }

            if (bill.Components.TryGetValue(link.Reference, out VexComponent? component))
            {
                return CycloneDxVexReader.InSubject(bill.Subject, component with { Versions = versions });
            }
        }

        // A digest says which image is meant without the bill; so do our own bills call it.
        if (Digest.TryParse(link.Reference, out Digest? digest) && digest.Algorithm == "sha256")
        {
            return new VexProduct(new VexComponent([], digest.Hex) { Versions = versions }, []);
        }

        if (PackageUrlPattern.TryParse(link.Reference, out PackageUrlPattern? purl) && purl.IsOfImage && Digest.TryParse(purl.Version, out _))
        {
            return new VexProduct(new VexComponent([purl], null) { Versions = versions }, []);
        }

        Unresolved++;
        return product;
    }
}
