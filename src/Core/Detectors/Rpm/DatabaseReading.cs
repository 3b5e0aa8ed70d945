namespace ImageScan.Core.Detectors.Rpm;

/// <summary>Keeps the reading of one database within bounds, and says what of it is damaged.</summary>
/// <param name="fileBytes">The size of the database.</param>
/// <param name="warn">Takes one sentence on what could not be read.</param>
internal sealed class DatabaseReading(long fileBytes, Action<string> warn)
{
    /// <summary>Bytes of one header that are read: 64 MiB. rpm takes 256 (lib/header.c), the largest real ones have some 20.</summary>
    public const int MaxHeaderBytes = 64 << 20;

    // In a damaged database, what is still readable is worth reading; where nothing fits, there is no use in going on.
    private const int MaxFaults = 1000;

    private long _headerBytesLeft = fileBytes;
    private int _faults;

    /// <summary>True when there is no sense in reading on.</summary>
    public bool IsOver => _faults >= MaxFaults;

    /// <summary>Says that something in the database is not as its format has it.</summary>
    /// <param name="what">One sentence.</param>
    public void Damaged(string what)
    {
        if (IsOver)
        {
            return;
        }

        warn(what);
        if (++_faults == MaxFaults)
        {
            warn("The database has so many faults that the rest of it was not read.");
        }
    }

    /// <summary>Takes the room of one header; false, and the reading is over, if all of them together would be larger than the file.</summary>
    public bool TryTakeHeader(int bytes)
    {
        if (bytes <= _headerBytesLeft)
        {
            _headerBytesLeft -= bytes;
            return true;
        }

        Damaged("Headers of packages overlap in the database; the rest of it was not read.");
        _faults = MaxFaults;
        return false;
    }
}
