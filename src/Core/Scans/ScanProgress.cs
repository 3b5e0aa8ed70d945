namespace ImageScan.Core.Scans;

/// <summary>How far a scan is, for people who wait.</summary>
/// <param name="Step">What is being done, in a word or two.</param>
/// <param name="LayersDone">Layers that are read or were known.</param>
/// <param name="Layers">Layers in all; 0 until the manifest is read.</param>
/// <param name="BytesRead">Compressed bytes read so far.</param>
/// <param name="Bytes">Compressed bytes to read in all.</param>
public sealed record ScanProgress(string Step, int LayersDone = 0, int Layers = 0, long BytesRead = 0, long Bytes = 0);
