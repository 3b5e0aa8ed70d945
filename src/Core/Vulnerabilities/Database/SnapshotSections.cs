using System.Buffers.Binary;
using static ImageScan.Core.Vulnerabilities.Database.SnapshotFormat;

namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>Writes what was spooled into the sections of a snapshot.</summary>
internal sealed class SnapshotSections(SnapshotFileWriter file)
{
    private readonly RecordWriter _scratch = new();

    /// <summary>What the advisories say about each package, those left out that a vendor's word replaces.</summary>
    /// <param name="live">The advisories that report something, numbered as they come.</param>
    /// <param name="keys">The packages.</param>
    /// <param name="ranks">Of every package.</param>
    /// <param name="groups">Empty; takes the statements while they are brought together.</param>
    /// <returns>What is in it.</returns>
    public SnapshotContents WritePostings(LiveAdvisories live, SnapshotKeys keys, int[] ranks, PostingGroups groups)
    {
        ulong[] hashes = keys.Hashes();
        live.DealOut(groups, hashes);
        var contents = new SnapshotContents(live.Count);
        var vendors = new VendorStatements(number => live[number].IsVendors, live.NamesOf, live.TextOf);
        var chosen = new PackagePostings();
        var index = new RecordWriter();
        ulong offset = 0;
        file.Write(Section.Postings, stream => groups.ForEach(hashes, ranks, (key, postings) =>
        {
            chosen.Clear();
            vendors.Choose(postings, chosen);
            foreach (int advisory in chosen.Advisories)
            {
                var modified = new DateTimeOffset(live[advisory].Modified, TimeSpan.Zero);
                contents.Add(advisory, keys.Ecosystems[keys.EcosystemOf(key)], modified, live.CheckedAtOf(advisory));
            }

            _scratch.Clear();
            chosen.Write(_scratch, keys.TextOf(key));
            stream.Write(_scratch.Written);
            var entry = index.Reserve(KeyEntryLength);
            BinaryPrimitives.WriteUInt64LittleEndian(entry, hashes[key]);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], offset);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[16..], (uint)_scratch.Length);
            offset += (ulong)_scratch.Length;
            contents.AddPackage();
        }));
        file.Write(Section.Keys, index.Written);
        return contents;
    }

    /// <summary>The texts, dates and vectors of the advisories that are in the postings.</summary>
    public void WriteAdvisories(LiveAdvisories live, SnapshotContents contents) => WriteBlocks(
        Section.AdvisoryIndex,
        Section.AdvisoryBlocks,
        Enumerable.Range(0, live.Count).Where(contents.Uses).Select(number => ((ulong)number, number)),
        (record, number) => live.Write(record, number, contents.Cves));

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
