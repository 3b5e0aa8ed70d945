namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>
/// Repositories and their CPEs in the form of a snapshot: a record for each hash of a name, with all names of that hash, which is one but for
/// one time in millions of years.
/// </summary>
internal static class RepositoryRecords
{
    /// <summary>Ascending by hash.</summary>
    public static IEnumerable<(ulong Hash, RepositoryCpes[] Repositories)> ByHash(IEnumerable<RepositoryCpes> repositories) => repositories
        .GroupBy(repository => AdvisoryLookup.HashOf(repository.Repository))
        .OrderBy(group => group.Key)
        .Select(group => (group.Key, group.OrderBy(repository => repository.Repository, StringComparer.Ordinal).ToArray()));

    public static void Write(RecordWriter writer, IEnumerable<RepositoryCpes> repositories)
    {
        foreach (RepositoryCpes repository in repositories)
        {
            writer.Text(repository.Repository);
            writer.Texts(repository.Cpes);
        }
    }

    /// <summary>All repositories of a record. Throws <see cref="InvalidDataException"/> if one has another hash.</summary>
    public static IReadOnlyList<RepositoryCpes> Read(ulong hash, ReadOnlySpan<byte> bytes)
    {
        var repositories = new List<RepositoryCpes>();
        var reader = new RecordReader(bytes);
        while (!reader.IsAtEnd)
        {
            var repository = new RepositoryCpes(reader.Text(), reader.Texts());
            repositories.Add(AdvisoryLookup.HashOf(repository.Repository) == hash
                ? repository
                : throw new InvalidDataException("A repository in it is filed under another's name."));
        }

        return repositories;
    }

    /// <summary>The CPEs of that repository; empty if the record is of another one with its hash.</summary>
    public static string[] CpesOf(string repository, ReadOnlySpan<byte> bytes)
    {
        var reader = new RecordReader(bytes);
        while (!reader.IsAtEnd)
        {
            string name = reader.Text();
            string[] cpes = reader.Texts();
            if (name == repository)
            {
                return cpes;
            }
        }

        return [];
    }
}
