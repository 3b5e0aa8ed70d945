namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>The part of a posting that is the same for most advisories on a package: severity, status, and what it is limited to.</summary>
internal sealed record PostingKind(string? SeverityWord, CvssVectors Vectors)
{
    private const byte HasSeverityWord = 1;
    private const byte HasVectors = 2;
    private const byte HasQualifiers = 4;

    public AdvisoryStatus Status { get; init; }

    public PackageNameKind NameKind { get; init; }

    public string? Module { get; init; }

    public IReadOnlyList<string> Architectures { get; init; } = [];

    public string? Repository { get; init; }

    public static void Write(RecordWriter writer, AffectedPackage affected)
    {
        byte parts = PartsOf(affected);
        writer.Byte(parts);
        if ((parts & HasSeverityWord) != 0)
        {
            writer.Text(affected.SeverityWord!);
        }

        if ((parts & HasVectors) != 0)
        {
            writer.OptionalText(affected.Vectors.V2);
            writer.OptionalText(affected.Vectors.V3);
            writer.OptionalText(affected.Vectors.V4);
        }

        if ((parts & HasQualifiers) != 0)
        {
            writer.Byte((byte)affected.Status);
            writer.Byte((byte)affected.NameKind);
            writer.OptionalText(affected.Module);
            writer.Texts(affected.Architectures);
            writer.OptionalText(affected.Repository);
        }
    }

    public static PostingKind Read(ref RecordReader reader)
    {
        byte parts = reader.Byte();
        string? word = (parts & HasSeverityWord) == 0 ? null : reader.Text();
        var vectors = (parts & HasVectors) == 0
            ? CvssVectors.None
            : new CvssVectors(reader.OptionalText(), reader.OptionalText(), reader.OptionalText());
        return (parts & HasQualifiers) == 0 ? new PostingKind(word, vectors) : new PostingKind(word, vectors)
        {
            Status = StatusOf(reader.Byte()),
            NameKind = KindOf(reader.Byte()),
            Module = reader.OptionalText(),
            Architectures = reader.Texts(),
            Repository = reader.OptionalText(),
        };
    }

    private static byte PartsOf(AffectedPackage affected)
    {
        bool isQualified = affected.Status != AdvisoryStatus.Affected || affected.NameKind != PackageNameKind.Usual || affected.Module is not null
            || affected.Architectures.Count > 0 || affected.Repository is not null;
        return (byte)((string.IsNullOrEmpty(affected.SeverityWord) ? 0 : HasSeverityWord)
            | (affected.Vectors.IsEmpty ? 0 : HasVectors)
            | (isQualified ? HasQualifiers : 0));
    }

    private static AdvisoryStatus StatusOf(byte number) => number <= (byte)AdvisoryStatus.NotAffected
        ? (AdvisoryStatus)number
        : throw new InvalidDataException("A status in it is of no known kind.");

    private static PackageNameKind KindOf(byte number) => number <= (byte)PackageNameKind.Own
        ? (PackageNameKind)number
        : throw new InvalidDataException("A name in it is of no known kind.");
}
