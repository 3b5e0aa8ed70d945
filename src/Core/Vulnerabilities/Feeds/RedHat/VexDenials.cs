namespace ImageScan.Core.Vulnerabilities.Feeds.RedHat;

/// <summary>
/// Tells which of a document's statements that something is not affected have to be kept. Most statements are such, of packages that only share
/// an erratum with one that was affected; without them, packages that nothing is said about are not found affected either. They matter where the
/// same document could be read otherwise.
/// </summary>
internal sealed class VexDenials
{
    private readonly HashSet<(string Family, string? Module, string Name)> _names = [];
    private readonly HashSet<(string Family, string? Module)> _sources = [];
    private readonly HashSet<(OsvEcosystem Ecosystem, string? Module, PackageNameKind Kind, string Name)> _overruling = [];

    /// <param name="positive">What the document says to be affected or mended.</param>
    public VexDenials(IEnumerable<VexStatement> positive)
    {
        var reaches = new Dictionary<OsvEcosystem, OsvEcosystem[]>();
        foreach (var statement in positive)
        {
            string family = FamilyOf(statement.Ecosystem);
            _names.Add((family, statement.Module, statement.Name));
            if (statement.NameKind == PackageNameKind.Source)
            {
                _sources.Add((family, statement.Module));
            }

            if (!reaches.TryGetValue(statement.Ecosystem, out OsvEcosystem[]? reach))
            {
                reach = [.. RedHatProduct.Siblings(RedHatProduct.Stream(statement.Ecosystem)).SelectMany(RedHatProduct.Within).Distinct()];
                reaches.Add(statement.Ecosystem, reach);
            }

            foreach (var ecosystem in reach)
            {
                _overruling.Add((ecosystem, statement.Module, statement.NameKind, statement.Name));
            }
        }
    }

    /// <summary>
    /// Whether a denial takes something back: of the same package in another stream, or of a source that stands for the packages built from it.
    /// One about a package that is mended in the very same product, or a part of it, takes nothing back: of two errata for one CVE, each denies
    /// what only the other mends.
    /// </summary>
    public bool Matters(VexStatement denial)
    {
        string family = FamilyOf(denial.Ecosystem);
        bool takesBack = _names.Contains((family, denial.Module, denial.Name))
            || (denial.NameKind == PackageNameKind.Own && _sources.Contains((family, denial.Module)));
        return takesBack && !_overruling.Contains((RedHatProduct.Stream(denial.Ecosystem), denial.Module, denial.NameKind, denial.Name));
    }

    // Which products can speak about one and the same installed package.
    private static string FamilyOf(OsvEcosystem ecosystem) => RedHatProduct.IsEnterpriseLinux(ecosystem)
        ? $"rhel:{RedHatProduct.VersionOf(ecosystem).Split('.')[0]}"
        : RedHatProduct.NameOf(ecosystem);
}
