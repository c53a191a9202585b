package io.adjoint.proof;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.ClassReader;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.ClassVisitor;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Handle;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.MethodVisitor;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Opcodes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Finds out from class files whether a method always returns the object on which it was called. */
final class ReturnedObjects extends ClassVisitor {
    private static final String THIS = "this";
    private static final String OTHER = "another";
    private static final Map<String, ReturnedObjects> CLASSES = new ConcurrentHashMap<>();

    private final String superType;
    /**
     * For each method, by its name and descriptor, the sources of the objects that it returns: {@link #THIS}, {@link #OTHER}, or the class,
     * name and descriptor of the method that it calls for the object.
     */
    private final Map<String, Set<String>> sources = new HashMap<>();

    private ReturnedObjects(ClassReader reader) {
        super(Opcodes.ASM9);
        superType = reader.getSuperName();
        reader.accept(this, ClassReader.SKIP_FRAMES | ClassReader.SKIP_DEBUG);
    }

    /** Returns whether a method always returns {@code this}, possibly as the result of other methods for which the same holds. */
    static boolean isAlwaysThis(JavaMethod method) {
        String descriptor = MethodType.methodType(
                        method.getRawReturnType().reflect(),
                        method.getRawParameterTypes().stream()
                                .map(JavaClass::reflect)
                                .toList())
                .descriptorString();
        String owner = method.getOwner().getName().replace('.', '/');
        return isAlwaysThis(owner + " " + method.getName() + descriptor, new HashSet<>());
    }

    private static boolean isAlwaysThis(String source, Set<String> seen) {
        if (source.equals(THIS) || !seen.add(source)) {
            return true;
        } else if (!source.startsWith("io/adjoint/")) {
            return false;
        }
        String method = source.substring(source.indexOf(' '));
        ReturnedObjects type = CLASSES.computeIfAbsent(source.substring(0, source.indexOf(' ')), ReturnedObjects::read);
        Set<String> returned = type.sources.get(method.strip());
        return returned == null
                ? isAlwaysThis(type.superType + method, seen)
                : returned.stream().allMatch(each -> isAlwaysThis(each, seen));
    }

    private static ReturnedObjects read(String type) {
        try (InputStream bytes = ReturnedObjects.class.getResourceAsStream("/" + type + ".class")) {
            return new ReturnedObjects(
                    new ClassReader(Objects.requireNonNull(bytes, type).readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String name, String descriptor, @Nullable String signature, String @Nullable [] exceptions) {
        Set<String> returned = new HashSet<>();
        sources.put(name + descriptor, returned);
        boolean isStatic = (access & Opcodes.ACC_STATIC) != 0;
        if ((access & Opcodes.ACC_ABSTRACT) != 0) {
            returned.add(OTHER);
        }
        return new MethodVisitor(Opcodes.ASM9) {
            /** The source of the object that the last instruction left on the stack. */
            private String last = OTHER;

            @Override
            public void visitVarInsn(int opcode, int variable) {
                last = opcode == Opcodes.ALOAD && variable == 0 && !isStatic ? THIS : OTHER;
            }

            @Override
            public void visitMethodInsn(int opcode, String owner, String called, String types, boolean isInterface) {
                last = called.equals("<init>") ? OTHER : owner + " " + called + types;
            }

            @Override
            public void visitInsn(int opcode) {
                if (opcode == Opcodes.ARETURN) {
                    returned.add(last);
                }
                last = OTHER;
            }

            @Override
            public void visitTypeInsn(int opcode, String of) {
                last = opcode == Opcodes.CHECKCAST ? last : OTHER;
            }

            @Override
            public void visitFieldInsn(int opcode, String owner, String field, String types) {
                last = OTHER;
            }

            @Override
            public void visitLdcInsn(Object value) {
                last = OTHER;
            }

            @Override
            public void visitInvokeDynamicInsn(String called, String types, Handle bootstrap, Object... arguments) {
                last = OTHER;
            }
        };
    }
}
