namespace Ipdr.Interop.Tests.Trees;

/// <summary>A directory of whatever a seed makes: files of awkward lengths, empty ones, links, names of all scripts, directories within.</summary>
internal sealed class RandomTree(Random random, int unit)
{
    private const int UsualEntries = 12;
    private const int MostChunks = 40;

    private static readonly string[] Letters = ["a", "B", "0", "-", "_", ".", " ", "é", "ż", "中", "ﬁ", "🙂", "\u0301", "%41", "+"];

    /// <summary>Writes the directory.</summary>
    /// <param name="path">Where it goes.</param>
    /// <param name="depth">Directories in directories, at most.</param>
    /// <param name="mostEntries">Names in each of them, at most.</param>
    public void Write(string path, int depth, int mostEntries = UsualEntries)
    {
        Directory.CreateDirectory(path);
        HashSet<string> names = [];
        for (int i = random.Next(mostEntries); i > 0; i--)
        {
            string name = Name();
            if (!names.Add(name))
                continue;
            string entry = Path.Combine(path, name);
            if (depth > 0 && random.Next(3) == 0)
                Write(entry, depth - 1, mostEntries);
            else if (random.Next(10) == 0)
                File.CreateSymbolicLink(entry, Name());
            else
                File.WriteAllBytes(entry, Content());
        }
    }

    // Lengths around the borders of chunks, where trees change their shape.
    public byte[] Content()
    {
        byte[] content = new byte[Math.Max(0, random.Next(MostChunks) * unit + random.Next(-1, 2))];
        random.NextBytes(content);
        if (random.Next(4) == 0)
            content.AsSpan().Clear();
        return content;
    }

    private string Name()
    {
        string name = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => Letters[random.Next(Letters.Length)]));
        return name is "." or ".." ? name + "x" : name;
    }
}
