namespace ImageScan.Core.Inventory.Versions;

/// <summary>Reads a version of Maven into the tree that is compared.</summary>
/// <param name="version">In lower case.</param>
internal sealed class MavenVersionParser(string version)
{
    private readonly Stack<MavenVersionItem> _lists = new([MavenVersionItem.EmptyList()]);
    private int _start;
    private bool _isDigit;
    private bool _isCombination;

    private List<MavenVersionItem> Items => _lists.Peek().Items;

    /// <summary>The tree, zeros that mean nothing taken out. To be called once.</summary>
    public MavenVersionItem Parse()
    {
        for (int i = 0; i < version.Length; i++)
        {
            Read(i);
        }

        if (_start < version.Length)
        {
            // 1.0.0.x counts as 1.0.0-x.
            if (!_isDigit && Items.Count > 0)
            {
                OpenList();
            }

            Items.Add(ItemUpTo(version.Length));
        }

        MavenVersionItem root;
        do
        {
            root = _lists.Pop();
            root.Normalize();
        }
        while (_lists.Count > 0);

        return root;
    }

    private void Read(int i)
    {
        switch (version[i])
        {
            case '.':
                Items.Add(ItemUpTo(i));
                _isCombination = false;
                _start = i + 1;
                break;

            // rc-1 is rc1.
            case '-' when i > _start && !_isDigit && i + 1 < version.Length && char.IsAsciiDigit(version[i + 1]):
                _isCombination = true;
                break;
            case '-':
                Items.Add(ItemUpTo(i));
                _isCombination = false;
                _start = i + 1;
                OpenList();
                break;
            case >= '0' and <= '9':
                if (!_isDigit && i > _start)
                {
                    _isCombination = true;
                    if (Items.Count > 0)
                    {
                        OpenList();
                    }
                }

                _isDigit = true;
                break;
            default:
                if (_isDigit && i > _start)
                {
                    Items.Add(ItemUpTo(i));
                    _isCombination = false;
                    _start = i;
                    OpenList();
                }

                _isDigit = false;
                break;
        }
    }

    private void OpenList()
    {
        MavenVersionItem list = MavenVersionItem.EmptyList();
        Items.Add(list);
        _lists.Push(list);
    }

    private MavenVersionItem ItemUpTo(int end)
    {
        string text = version[_start..end];
        if (text.Length == 0)
        {
            return MavenVersionItem.Number("0");
        }

        return _isCombination ? MavenVersionItem.WordAndNumber(text.Replace("-", "", StringComparison.Ordinal))
            : _isDigit ? MavenVersionItem.Number(text)
            : MavenVersionItem.Word(text);
    }
}
