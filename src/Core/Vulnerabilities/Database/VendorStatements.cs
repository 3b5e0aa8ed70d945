namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>
/// Decides between what several feeds say about one package: where its vendor speaks of a vulnerability, what others have collected about
/// the same is left out, since their copies are older and coarser.
/// </summary>
/// <param name="isVendors">Whether an advisory, by its number, is a vendor's.</param>
/// <param name="namesOf">What an advisory, by its number, is a finding of.</param>
/// <param name="textOf">The id with a number.</param>
internal sealed class VendorStatements(Func<int, bool> isVendors, Func<int, IReadOnlyList<int>> namesOf, Func<int, string> textOf)
{
    private readonly HashSet<int> _spokenOf = [];

    /// <summary>Adds what counts of all that is said about one package.</summary>
    public void Choose(IReadOnlyList<GroupedPosting> postings, PackagePostings chosen)
    {
        _spokenOf.Clear();
        foreach (GroupedPosting posting in postings)
        {
            if (isVendors(posting.Advisory))
            {
                _spokenOf.UnionWith(namesOf(posting.Advisory));
            }
        }

        foreach (GroupedPosting posting in postings)
        {
            if (_spokenOf.Count == 0 || isVendors(posting.Advisory))
            {
                chosen.Add(posting.Advisory, posting.Kind.Span, posting.Span.Span, null);
                continue;
            }

            IReadOnlyList<int> names = namesOf(posting.Advisory);
            int[] left = [.. names.Where(name => !_spokenOf.Contains(name))];
            if (left.Length > 0)
            {
                chosen.Add(posting.Advisory, posting.Kind.Span, posting.Span.Span, left.Length < names.Count ? [.. left.Select(textOf)] : null);
            }
        }
    }
}
