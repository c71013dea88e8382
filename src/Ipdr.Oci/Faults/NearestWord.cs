namespace Ipdr.Oci.Faults;

/// <summary>Which of several words somebody meant who wrote another.</summary>
public static class NearestWord
{
    /// <summary>The word that the fewest slips lead to: letters left out, added, changed or swapped with a neighbour.</summary>
    /// <param name="written">What was written.</param>
    /// <param name="known">What there is; of those as near the first is taken.</param>
    /// <returns>Null if nothing is near: more than a third of the letters would have to be wrong.</returns>
    public static string? To(string written, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(written);
        ArgumentNullException.ThrowIfNull(known);
        string? nearest = null;
        int fewest = int.MaxValue;
        foreach (string word in known)
        {
            int slips = SlipsBetween(written, word);
            if (slips < fewest && slips <= Math.Max(written.Length, word.Length) / 3)
                (nearest, fewest) = (word, slips);
        }
        return nearest;
    }

    // The distance of Damerau and Levenshtein, each place being changed at most once; three rows of its table are enough.
    private static int SlipsBetween(string one, string other)
    {
        int[] before = new int[other.Length + 1], last = [.. Enumerable.Range(0, other.Length + 1)], row = new int[other.Length + 1];
        for (int i = 1; i <= one.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= other.Length; j++)
            {
                row[j] = Math.Min(Math.Min(last[j], row[j - 1]) + 1, last[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
            (before, last, row) = (last, row, before);
        }
        return last[other.Length];
    }
}
