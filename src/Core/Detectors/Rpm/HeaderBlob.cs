namespace ImageScan.Core.Detectors.Rpm;

/// <summary>The header of one package, as a database keeps it.</summary>
/// <param name="Bytes">Good until the next header is asked for. Shorter than the header says if a part of it was lost.</param>
/// <param name="Place">Where it stands in the database, for people: <c>page 12</c>.</param>
internal readonly record struct HeaderBlob(ReadOnlyMemory<byte> Bytes, string Place);
