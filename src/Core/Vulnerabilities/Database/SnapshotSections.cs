using System.Buffers.Binary;
using static ImageScan.Core.Vulnerabilities.Database.SnapshotFormat;

namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>Writes what was spooled into the sections of a snapshot.</summary>
internal sealed class SnapshotSections(SnapshotFileWriter file, SnapshotSpool spool, SnapshotKeys keys)
{
    private readonly RecordWriter _scratch = new();

    /// <summary>The texts, dates and vectors of the advisories, numbered as they come.</summary>
    public void WriteAdvisories(IReadOnlyList<SpooledAdvisory> live)
    {
        var aliases = new AliasGroups();
        foreach (var advisory in live.Where(advisory => !advisory.IsDistribution))
        {
            aliases.Join(advisory.Id, advisory.Aliases);
        }

        byte[] index = [];
        file.Write(Section.AdvisoryBlocks, stream =>
        {
            var blocks = new KeyedBlocksWriter(stream);
            for (int number = 0; number < live.Count; number++)
            {
                var advisory = live[number];
                _scratch.Clear();
                _scratch.Texts(advisory.Cves.Count > 0 ? advisory.Cves : advisory.IsDistribution ? [advisory.Id] : aliases.NamesOf(advisory.Id));
                _scratch.Texts(advisory.IsDistribution ? [.. advisory.Aliases.Where(alias => !CveId.IsOne(alias))] : aliases.OtherIdsOf(advisory.Id));
                spool.Read(advisory.Body, _scratch);
                blocks.Add((ulong)number, _scratch.Written);
            }

            blocks.Flush();
            index = blocks.Index.ToArray();
        });
        file.Write(Section.AdvisoryIndex, index);
    }

    /// <summary>What the advisories, numbered as they come, say about each package.</summary>
    public void WritePostings(IReadOnlyList<SpooledAdvisory> live)
    {
        var byKey = new List<(int Advisory, SpooledBytes Bytes)>[keys.Count];
        for (int number = 0; number < live.Count; number++)
        {
            foreach (var posting in live[number].Postings)
            {
                (byKey[posting.Key] ??= []).Add((number, posting.Bytes));
            }
        }

        var index = new RecordWriter();
        file.Write(Section.Postings, stream =>
        {
            ulong offset = 0;
            Span<byte> entry = stackalloc byte[KeyEntryLength];
            foreach (var (number, hash) in keys.ByHash())
            {
                if (byKey[number] is not { } postings)
                {
                    continue;
                }

                _scratch.Clear();
                _scratch.Text(keys.TextOf(number));
                _scratch.Number(postings.Count);
                foreach (var (advisory, bytes) in postings)
                {
                    _scratch.Number(advisory);
                    spool.Read(bytes, _scratch);
                }

                stream.Write(_scratch.Written);
                BinaryPrimitives.WriteUInt64LittleEndian(entry, hash);
                BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], offset);
                BinaryPrimitives.WriteUInt32LittleEndian(entry[16..], (uint)_scratch.Length);
                index.Bytes(entry);
                offset += (ulong)_scratch.Length;
            }
        });
        file.Write(Section.Keys, index.Written);
    }

    /// <summary>What is known of the CVEs.</summary>
    /// <param name="cves">Ascending by the number of <see cref="CveId"/>.</param>
    /// <returns>How many they are.</returns>
    public int WriteCves(IEnumerable<(ulong Key, CveMetadata Cve)> cves) =>
        WriteBlocks(Section.CveIndex, Section.CveBlocks, cves, CveRecord.Write);

    /// <summary>The CPEs of the repositories, and when releases end.</summary>
    public void WriteProducts(IEnumerable<RepositoryCpes> repositories, IEnumerable<ReleaseEnd> ends)
    {
        WriteBlocks(Section.RepositoryIndex, Section.RepositoryBlocks, RepositoryRecords.ByHash(repositories), RepositoryRecords.Write);
        _scratch.Clear();
        ReleaseEndRecords.Write(_scratch, ends);
        file.Write(Section.ReleaseEnds, _scratch.Written);
    }

    private int WriteBlocks<T>(Section indexSection, Section blockSection, IEnumerable<(ulong Key, T Record)> records, Action<RecordWriter, T> write)
    {
        byte[] index = [];
        int count = 0;
        file.Write(blockSection, stream =>
        {
            var blocks = new KeyedBlocksWriter(stream);
            foreach (var (key, record) in records)
            {
                _scratch.Clear();
                write(_scratch, record);
                blocks.Add(key, _scratch.Written);
                count++;
            }

            blocks.Flush();
            index = blocks.Index.ToArray();
        });
        file.Write(indexSection, index);
        return count;
    }
}
