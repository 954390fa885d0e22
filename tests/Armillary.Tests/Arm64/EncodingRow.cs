using System.Linq.Expressions;
using System.Reflection;
using Armillary.Arm64;

namespace Armillary.Tests.Arm64;

/// <summary>One call of the assembler, the word that GNU binutils gives for the same text, and that text.</summary>
internal sealed record EncodingRow(Expression<Func<Instruction>> Call, uint Word, string Text)
{
    public MethodInfo Method => ((MethodCallExpression)Call.Body).Method;

    public static EncodingRow Row(Expression<Func<Instruction>> call, uint word, string text) => new(call, word, text);
}
